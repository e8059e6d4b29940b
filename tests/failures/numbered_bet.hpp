#pragma once

#include <cstdint>

#include "core/bet.hpp"

namespace sorteo::test {

/// The number that wins.
inline constexpr std::uint32_t kWinningNumber = 7574;

/// The `index`-th bet, from 1, of a sender. No two bets are the same, and each says whose (by its
/// first name) and which it is (by its document). They are of many lengths, and one in some dozens
/// wins.
Bet numbered_bet(std::uint32_t sender, std::uint32_t index);

/// Whose bet it would be; 0 when nobody's.
std::uint32_t sender_of(const BetView& bet);

}  // namespace sorteo::test
