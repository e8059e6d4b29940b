#pragma once

#include <cstdint>

#include "apps/cli/split_mix.hpp"
#include "core/bet.hpp"

namespace sorteo::cli {

/// Makes up the bets of one agency: the same for the same seed and agency, on every machine and in
/// every version, because tests and measurements compare them. Names as people in Argentina have
/// them, documents of 7 or 8 digits that grow with the year of birth, adults born from 1940 on, and
/// numbers from 0 to 9999, so that one bet in 10,000 wins. Not thread-safe.
class BetGenerator final {
 public:
  BetGenerator(std::uint64_t seed, std::uint32_t agency) noexcept;

  Bet next();

 private:
  SplitMix random_;
};

}  // namespace sorteo::cli
