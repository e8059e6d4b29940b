#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/bet.hpp"

namespace sorteo::benchmarks {

/// `count` bets as agencies send them, the same on every run: Spanish names of one or two words,
/// more than a quarter of them with an accent. If the environment names a CSV file in
/// SORTEO_BENCHMARK_BETS (first_name,last_name,document,birthdate,number, without quotes), its bets
/// instead, repeated as often as needed. Throws std::runtime_error when it cannot be read.
std::vector<Bet> benchmark_bets(std::size_t count);

/// `count` bets of which every name has accents.
std::vector<Bet> accented_bets(std::size_t count);

/// The Packets of `bets` in batches of `size`; the last may hold fewer.
std::vector<std::string> packets_of(const std::vector<Bet>& bets, std::size_t size);

}  // namespace sorteo::benchmarks
