#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/bet.hpp"

namespace sorteo::peers {

/// Bets in batches of `batch_bets`.
using BetBatches = std::vector<std::vector<Bet>>;

/// Reads the CSV file of an agency. Bets that do not fill a last batch are left out; of a file that
/// does not fill one batch, they are repeated. Throws std::runtime_error when it cannot be read, a
/// line is no bet, or it has none.
BetBatches read_bet_batches(const std::string& path, std::size_t batch_bets);

/// Those of each of `connections` connections: of the files in turn.
std::vector<BetBatches> read_bets_of_all(const std::vector<std::string>& paths,
                                         std::size_t connections, std::size_t batch_bets);

/// The number with which a bet wins.
inline constexpr std::uint32_t kWinningNumber = 7574;

/// How many winners were sent when `sent` batches were: the first ones, again and again.
std::uint64_t expected_winners(const BetBatches& batches, std::uint64_t sent);

/// A bet as a line of CSV without its end; the fields of the input need no quotes.
std::string csv_line(const Bet& bet);

}  // namespace sorteo::peers
