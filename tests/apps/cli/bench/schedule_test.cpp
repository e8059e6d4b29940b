#include "apps/cli/bench/schedule.hpp"

#include <gtest/gtest.h>

namespace sorteo::cli {
namespace {

using namespace std::chrono_literals;

TEST(ScheduleTest, ConnectionsTakeTurnsAtTheSameDistance) {
  const Schedule schedule(1'000, 4);
  EXPECT_EQ(schedule.due(0, 0), 0ms);
  EXPECT_EQ(schedule.due(1, 0), 1ms);
  EXPECT_EQ(schedule.due(3, 0), 3ms);
  EXPECT_EQ(schedule.due(0, 1), 4ms);
  EXPECT_EQ(schedule.due(2, 10), 42ms);
}

TEST(ScheduleTest, FractionsDoNotAddUpToAnError) {
  const Schedule schedule(30'000, 3);  // 33,333.3 ns apart
  EXPECT_NEAR(static_cast<double>(schedule.due(0, 36'000'000).count()), 3.6e12, 1e3);
}

TEST(ScheduleTest, LessThanOneASecondIsARateToo) { EXPECT_EQ(Schedule(0.5, 1).due(0, 3), 6s); }

}  // namespace
}  // namespace sorteo::cli
