#include "apps/cli/bench/latency_histogram.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sorteo::cli {
namespace {

using std::chrono::nanoseconds;

TEST(LatencyHistogramTest, HasNothingBeforeTheFirst) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.percentile(99), nanoseconds(0));
  EXPECT_EQ(histogram.max(), nanoseconds(0));
}

TEST(LatencyHistogramTest, ReadsBackWithinOnePercent) {
  for (double value = 1; value < 9e18; value *= 1.013) {
    const auto recorded = static_cast<std::int64_t>(value);
    LatencyHistogram histogram;
    histogram.record(nanoseconds(recorded));
    histogram.record(nanoseconds::max());  // so that the middle is no longest one
    const auto read = static_cast<double>(histogram.percentile(50).count());
    EXPECT_LE(std::abs(read - static_cast<double>(recorded)), 0.01 * value) << recorded;
  }
}

TEST(LatencyHistogramTest, SmallValuesAreExact) {
  for (std::int64_t value = 0; value < 256; ++value) {
    LatencyHistogram histogram;
    histogram.record(nanoseconds(value));
    histogram.record(nanoseconds::max());
    EXPECT_EQ(histogram.percentile(50), nanoseconds(value));
  }
}

TEST(LatencyHistogramTest, PercentilesAreWhatSoManyDidNotExceed) {
  LatencyHistogram histogram;
  for (int value = 1; value <= 100; ++value) {
    histogram.record(nanoseconds(value));
  }
  EXPECT_EQ(histogram.percentile(50), nanoseconds(50));
  EXPECT_EQ(histogram.percentile(90), nanoseconds(90));
  EXPECT_EQ(histogram.percentile(99), nanoseconds(99));
  EXPECT_EQ(histogram.percentile(99.9), nanoseconds(100));
  EXPECT_EQ(histogram.percentile(100), nanoseconds(100));
  EXPECT_EQ(histogram.percentile(0.001), nanoseconds(1));
}

TEST(LatencyHistogramTest, LongestIsExactAndNoPercentileIsOverIt) {
  LatencyHistogram histogram;
  histogram.record(nanoseconds(1'000'001));
  EXPECT_EQ(histogram.max(), nanoseconds(1'000'001));
  EXPECT_LE(histogram.percentile(100), nanoseconds(1'000'001));
}

TEST(LatencyHistogramTest, NegativeCountsAsZero) {
  LatencyHistogram histogram;
  histogram.record(nanoseconds(-5));
  EXPECT_EQ(histogram.count(), 1U);
  EXPECT_EQ(histogram.max(), nanoseconds(0));
}

TEST(LatencyHistogramTest, MergingAddsWhatTheOtherHolds) {
  LatencyHistogram one;
  LatencyHistogram other;
  one.record(nanoseconds(10));
  other.record(nanoseconds(20));
  other.record(nanoseconds(200));
  one.merge(other);
  EXPECT_EQ(one.count(), 3U);
  EXPECT_EQ(one.percentile(50), nanoseconds(20));
  EXPECT_EQ(one.max(), nanoseconds(200));
}

}  // namespace
}  // namespace sorteo::cli
