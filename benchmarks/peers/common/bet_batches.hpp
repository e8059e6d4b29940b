#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/bet.hpp"

namespace sorteo::peers {

/// Bets in batches of `batch_bets`.
using BetBatches = std::vector<std::vector<Bet>>;

/// Reads the CSV file of an agency. Bets that do not fill a last batch are left out. Throws
/// std::runtime_error when it cannot be read, a line is no bet, or it does not fill one batch.
BetBatches read_bet_batches(const std::string& path, std::size_t batch_bets);

/// Those of each of `connections` connections: of the files in turn.
std::vector<BetBatches> read_bets_of_all(const std::vector<std::string>& paths,
                                         std::size_t connections, std::size_t batch_bets);

/// How many of the bets have the number `winning_number`.
std::size_t count_winners(const std::vector<Bet>& bets, std::uint32_t winning_number);

/// The number with which a bet wins.
inline constexpr std::uint32_t kWinningNumber = 7574;

}  // namespace sorteo::peers
