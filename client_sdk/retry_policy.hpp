#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace sorteo::client {

/// When an attempt may follow one that failed, and whether.
///
/// The pause is random between nothing and a bound that starts at `first` and doubles with each
/// failure up to `longest` (full jitter: Marc Brooker, "Exponential Backoff And Jitter", AWS
/// Architecture Blog, 2015). The budget is a bucket of ten tokens: a failed attempt takes one, a
/// success gives a tenth back (gRPC proposal A6, "Throttling Retry Attempts and Hedged RPCs"). So a
/// client among many asks a server that is in trouble a few times, and not without end.
class RetryPolicy final {
 public:
  /// A `longest` under `first` counts as `first`, a `first` under 1 ms as 1 ms.
  RetryPolicy(std::chrono::milliseconds first, std::chrono::milliseconds longest,
              std::uint64_t seed);

  /// Notes an attempt that failed; the pause before the next.
  std::chrono::milliseconds on_failure();

  /// Notes an attempt that succeeded: the next pause is short again.
  void on_success() noexcept;

  /// Whether the budget is used up.
  bool exhausted() const noexcept { return tenths_ < kTokenTenths; }

 private:
  static constexpr int kTokenTenths = 10;
  static constexpr int kFullTenths = 10 * kTokenTenths;

  std::chrono::milliseconds first_;
  std::chrono::milliseconds longest_;
  std::chrono::milliseconds bound_;
  int tenths_ = kFullTenths;
  std::mt19937_64 random_;
};

}  // namespace sorteo::client
