#include "benchmarks/peers/common/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace sorteo::peers {

namespace {

// Nanoseconds below 2^6 have a bucket each; above, every power of two is cut in 2^6.
constexpr unsigned kSub = 6;

std::size_t bucket_of(std::uint64_t value) noexcept {
  const unsigned width = static_cast<unsigned>(std::bit_width(value));
  if (width <= kSub) {
    return value;
  }
  const unsigned shift = width - kSub - 1;
  return (std::size_t{shift} << kSub) + (value >> shift);
}

std::uint64_t middle_of(std::size_t bucket) noexcept {
  if (bucket < (std::size_t{2} << kSub)) {
    return bucket;
  }
  const std::size_t shift = (bucket >> kSub) - 1;
  const std::uint64_t low = (bucket - (shift << kSub)) << shift;
  return low + (std::uint64_t{1} << shift) / 2;
}

}  // namespace

void LatencyHistogram::add(std::chrono::nanoseconds latency, std::uint64_t times) noexcept {
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count(), 0));
  counts_[std::min(bucket_of(value), kBuckets - 1)] += times;
  total_ += times;
}

void LatencyHistogram::add(const LatencyHistogram& other) noexcept {
  for (std::size_t i = 0; i < kBuckets; ++i) {
    counts_[i] += other.counts_[i];
  }
  total_ += other.total_;
}

double LatencyHistogram::percentile(double percent) const noexcept {
  const double rank = std::max(1.0, std::ceil(percent / 100 * static_cast<double>(total_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += counts_[i];
    if (seen > 0 && static_cast<double>(seen) >= rank) {
      return static_cast<double>(middle_of(i)) / 1000;
    }
  }
  return 0;
}

}  // namespace sorteo::peers
