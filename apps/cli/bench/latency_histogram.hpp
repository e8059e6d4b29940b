#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sorteo::cli {

/// How often which latency came up, in memory that does not grow: each power of two is cut into 128
/// buckets of the same width (the idea of Gil Tene's HdrHistogram). What is read back differs from
/// what was recorded by less than 1 %. Recording allocates nothing. Not thread-safe.
class LatencyHistogram final {
 public:
  LatencyHistogram();

  /// Counts `latency` once; a negative one as zero.
  void record(std::chrono::nanoseconds latency) noexcept;

  /// Adds what `other` holds.
  void merge(const LatencyHistogram& other) noexcept;

  /// How many were recorded.
  std::uint64_t count() const noexcept { return count_; }

  /// The latency that `percent` (over 0, at most 100) of those recorded did not exceed; zero when
  /// there is none.
  std::chrono::nanoseconds percentile(double percent) const noexcept;

  /// The longest one, exactly; zero when there is none.
  std::chrono::nanoseconds max() const noexcept { return std::chrono::nanoseconds(max_); }

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace sorteo::cli
