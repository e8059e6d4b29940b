#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace sorteo::peers {

/// Counts latencies in buckets that are at most 1/64 of their value wide, in fixed memory.
class LatencyHistogram final {
 public:
  void add(std::chrono::nanoseconds latency, std::uint64_t times = 1) noexcept;
  void add(const LatencyHistogram& other) noexcept;

  /// The latency that `percent` percent do not exceed, in microseconds; 0 when there is none.
  double percentile(double percent) const noexcept;

 private:
  static constexpr std::size_t kBuckets = 4096;

  std::array<std::uint64_t, kBuckets> counts_{};
  std::uint64_t total_ = 0;
};

}  // namespace sorteo::peers
