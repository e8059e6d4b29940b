#pragma once

#include <cstddef>
#include <cstdint>

namespace sorteo::test {

/// Numbers that follow from a seed alone, the same on every machine: SplitMix64 (Steele, Lea and
/// Flood, "Fast splittable pseudorandom number generators", 2014). Starting one costs nothing.
class SeededRandom final {
 public:
  explicit SeededRandom(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return mixed ^ (mixed >> 31);
  }

  /// From 0 to `limit` - 1, which must not be 0. The bias is far below what a test can see.
  std::size_t below(std::size_t limit) noexcept { return next() % limit; }

  /// True so many times in a hundred.
  bool chance(unsigned percent) noexcept { return below(100) < percent; }

 private:
  std::uint64_t state_;
};

}  // namespace sorteo::test
