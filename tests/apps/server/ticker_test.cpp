#include "apps/server/ticker.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace sorteo {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(TickerTest, RunsAgainAndAgain) {
  std::promise<void> third;
  std::atomic<int> runs = 0;
  Ticker ticker(milliseconds(1), [&] {
    if (++runs == 3) {
      third.set_value();
    }
  });
  third.get_future().wait();
  EXPECT_GE(runs, 3);
}

TEST(TickerTest, RunsNoMoreOnceStopped) {
  std::promise<void> first;
  std::atomic<int> runs = 0;
  Ticker ticker(milliseconds(1), [&] {
    if (++runs == 1) {
      first.set_value();
    }
  });
  first.get_future().wait();
  ticker.stop();
  const int before = runs;
  ticker.stop();
  EXPECT_EQ(runs, before);
}

TEST(TickerTest, StopsWithoutWaitingForItsPeriod) {
  bool ran = false;
  {
    Ticker ticker(hours(1), [&] { ran = true; });
  }
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace sorteo
