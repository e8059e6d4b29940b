#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace sorteo::client {

/// How long to wait before asking again: at random between half of `first` and a bound that starts
/// at `first` and doubles up to `longest`. Being random, clients that began together spread out
/// (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: full jitter, here
/// with a lower bound, so that no question follows at once upon another).
class Backoff final {
 public:
  /// A `longest` under `first` counts as `first`, a `first` under 1 ms as 1 ms.
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest, std::uint64_t seed);

  /// The next pause.
  std::chrono::milliseconds next();

  /// No pause is shorter.
  std::chrono::milliseconds shortest() const noexcept { return shortest_; }

 private:
  std::chrono::milliseconds shortest_;
  std::chrono::milliseconds longest_;
  std::chrono::milliseconds bound_;
  std::mt19937_64 random_;
};

}  // namespace sorteo::client
