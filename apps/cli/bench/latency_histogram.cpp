#include "apps/cli/bench/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace sorteo::cli {
namespace {

constexpr int kPartBits = 7;
constexpr std::uint64_t kParts = 1ULL << kPartBits;  // of each power of two
constexpr int kValueBits = 63;                       // of a latency that is not negative
constexpr std::size_t kBuckets = (kValueBits - kPartBits + 1) * kParts;

// The first 2 * kParts buckets hold one value each; from there each power of two has kParts.
std::size_t bucket_of(std::uint64_t value) noexcept {
  const int shift = std::max(static_cast<int>(std::bit_width(value)) - kPartBits - 1, 0);
  return static_cast<std::size_t>(shift) * kParts + (value >> shift);
}

std::uint64_t middle_of(std::size_t bucket) noexcept {
  if (bucket < 2 * kParts) {
    return bucket;
  }
  const std::size_t shift = bucket / kParts - 1;
  const std::uint64_t least = (bucket - shift * kParts) << shift;
  return least + (1ULL << (shift - 1));
}

}  // namespace

LatencyHistogram::LatencyHistogram() : buckets_(kBuckets) {}

void LatencyHistogram::record(std::chrono::nanoseconds latency) noexcept {
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count(), 0));
  ++buckets_[bucket_of(value)];
  ++count_;
  max_ = std::max(max_, value);
}

void LatencyHistogram::merge(const LatencyHistogram& other) noexcept {
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    buckets_[bucket] += other.buckets_[bucket];
  }
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

std::chrono::nanoseconds LatencyHistogram::percentile(double percent) const noexcept {
  const double wanted = std::ceil(static_cast<double>(count_) * percent / 100);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    seen += buckets_[bucket];
    if (seen > 0 && static_cast<double>(seen) >= wanted) {
      return std::chrono::nanoseconds(std::min(middle_of(bucket), max_));
    }
  }
  return max();
}

}  // namespace sorteo::cli
