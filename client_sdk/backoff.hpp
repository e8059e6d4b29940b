#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace sorteo::client {

/// How long to wait before asking again: at random between a floor and a bound that starts at
/// `first` and doubles up to `longest`. Being random, clients that began together spread out
/// (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: full jitter).
class Backoff final {
 public:
  enum class Floor {
    kNone,         ///< full jitter
    kHalfOfFirst,  ///< so that no question follows at once upon another
  };

  /// A `longest` under `first` counts as `first`, a `first` under 1 ms as 1 ms.
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest, std::uint64_t seed,
          Floor floor = Floor::kHalfOfFirst);

  /// The next pause.
  std::chrono::milliseconds next();

  /// The next pause is short again.
  void reset() noexcept { bound_ = first_; }

  /// No pause is shorter.
  std::chrono::milliseconds shortest() const noexcept { return shortest_; }

 private:
  std::chrono::milliseconds first_;
  std::chrono::milliseconds shortest_;
  std::chrono::milliseconds longest_;
  std::chrono::milliseconds bound_;
  std::mt19937_64 random_;
};

}  // namespace sorteo::client
