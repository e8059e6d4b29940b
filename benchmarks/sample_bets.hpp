#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bet.hpp"

namespace sorteo::benchmarks {

/// Good bets such as agencies send: the same in every run. Some names have accents.
inline std::vector<Bet> sample_bets(std::size_t count, std::uint64_t seed = 1) {
  constexpr std::string_view kFirst[] = {"Santiago Lionel", "Agustina", "Tiago Nicolás", "Ana",
                                         "María Belén",     "Joaquín",  "Milagros Luz",  "Bruno"};
  constexpr std::string_view kLast[] = {"Lorca",   "Zambrano",   "Rivera", "Muñoz",
                                        "Peralta", "Etcheverry", "Paz",    "Domínguez"};
  std::vector<Bet> bets;
  bets.reserve(count);
  std::uint64_t state = seed;
  const auto below = [&state](std::uint64_t limit) {  // Knuth's MMIX generator
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state >> 33) % limit;
  };
  const auto two_digits = [](std::uint64_t value) { return std::to_string(100 + value).substr(1); };
  while (bets.size() < count) {
    bets.push_back({std::string(kFirst[below(std::size(kFirst))]),
                    std::string(kLast[below(std::size(kLast))]),
                    std::to_string(5'000'000 + below(40'000'000)),
                    std::to_string(1940 + below(65)) + '-' + two_digits(1 + below(12)) + '-' +
                        two_digits(1 + below(28)),
                    std::to_string(below(10'000))});
  }
  return bets;
}

}  // namespace sorteo::benchmarks
