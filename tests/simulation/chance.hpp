#pragma once

#include <chrono>
#include <cstdint>

#include "tests/support/seeded_random.hpp"

namespace sorteo::simulation {

/// The source of everything that a simulation leaves to chance.
class Chance final {
 public:
  explicit Chance(std::uint64_t seed) noexcept : random_(seed) {}

  std::uint64_t next() noexcept { return random_.next(); }

  /// From 0 to `count` - 1; `count` is not 0.
  std::uint64_t below(std::uint64_t count) noexcept { return random_.below(count); }

  /// From `least` to `most`.
  std::uint64_t between(std::uint64_t least, std::uint64_t most) noexcept {
    return least + below(most - least + 1);
  }

  /// True `count` times in `of`.
  bool happens(std::uint64_t count, std::uint64_t of) noexcept { return below(of) < count; }

  std::chrono::microseconds time_between(std::chrono::microseconds least,
                                         std::chrono::microseconds most) noexcept {
    return std::chrono::microseconds(between(static_cast<std::uint64_t>(least.count()),
                                             static_cast<std::uint64_t>(most.count())));
  }

  /// A generator whose numbers do not depend on how many are taken from this one later.
  Chance split() noexcept { return Chance(next()); }

 private:
  test::SeededRandom random_;
};

}  // namespace sorteo::simulation
