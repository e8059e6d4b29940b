#include "apps/cli/bench/process_usage.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <limits>

namespace sorteo::cli {
namespace {

TEST(ProcessUsageTest, TellsOfThisProcess) {
  const auto usage = usage_of(::getpid());
  ASSERT_TRUE(usage);
  EXPECT_GT(usage->resident_bytes, 100'000U);
  EXPECT_GE(usage->peak_bytes, usage->resident_bytes / 2);
  EXPECT_LE(usage->cpu_seconds, own_cpu_seconds() + 1);
}

TEST(ProcessUsageTest, KnowsNothingOfAProcessThatIsNotThere) {
  EXPECT_FALSE(usage_of(std::numeric_limits<pid_t>::max()));
}

}  // namespace
}  // namespace sorteo::cli
