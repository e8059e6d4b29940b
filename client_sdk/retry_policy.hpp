#pragma once

#include <chrono>
#include <cstdint>

#include "client_sdk/backoff.hpp"

namespace sorteo::client {

/// When an attempt may follow one that failed, and whether.
///
/// The pause is that of a Backoff with full jitter, which a success sets back. The budget is a
/// bucket of ten tokens: a failed attempt takes one, a success gives a tenth back (gRPC proposal
/// A6, "Throttling Retry Attempts and Hedged RPCs"). So a client among many asks a server that is
/// in trouble a few times, and not without end.
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

  Backoff backoff_;
  int tenths_ = kFullTenths;
};

}  // namespace sorteo::client
