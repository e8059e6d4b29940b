#include "apps/server/background_runner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/recording_log.hpp"

namespace sorteo {
namespace {

class BackgroundRunnerTest : public testing::Test {
 protected:
  // Waits until every task that was posted before has run.
  void settle() {
    std::promise<void> done;
    runner_.post([&done] { done.set_value(); });
    done.get_future().get();
  }

  test::RecordingLog log_;
  BackgroundRunner runner_{log_};
};

TEST_F(BackgroundRunnerTest, RunsTasksInOrder) {
  std::vector<int> ran;
  for (int task = 0; task < 100; ++task) {
    runner_.post([&ran, task] { ran.push_back(task); });
  }
  settle();
  ASSERT_EQ(ran.size(), 100U);
  EXPECT_TRUE(std::is_sorted(ran.begin(), ran.end()));
}

TEST_F(BackgroundRunnerTest, RunsThemOnAnotherThread) {
  std::thread::id ran_on;
  runner_.post([&ran_on] { ran_on = std::this_thread::get_id(); });
  settle();
  EXPECT_NE(ran_on, std::this_thread::get_id());
}

TEST_F(BackgroundRunnerTest, ATaskMayPostAnother) {
  std::promise<void> second;
  runner_.post([&] { runner_.post([&second] { second.set_value(); }); });
  second.get_future().get();
}

TEST_F(BackgroundRunnerTest, StoppingWaitsForTheTaskThatRunsAndDropsTheRest) {
  std::promise<void> started;
  std::promise<void> go_on;
  bool finished = false;
  bool next_ran = false;
  runner_.post([&] {
    started.set_value();
    go_on.get_future().wait();
    finished = true;
  });
  runner_.post([&next_ran] { next_ran = true; });
  started.get_future().wait();
  std::thread stopper([this] { runner_.stop(); });
  go_on.set_value();
  stopper.join();
  EXPECT_TRUE(finished);
  // The second may have been taken before the stop; what is promised is that none runs afterwards.
  const bool at_stop = next_ran;
  runner_.stop();
  EXPECT_EQ(next_ran, at_stop);
}

TEST_F(BackgroundRunnerTest, RunsNothingOnceStopped) {
  runner_.stop();
  bool ran = false;
  runner_.post([&ran] { ran = true; });
  runner_.stop();
  EXPECT_FALSE(ran);
}

TEST_F(BackgroundRunnerTest, AnExceptionIsLoggedAndTheNextTaskRuns) {
  runner_.post([] { throw std::runtime_error("no luck"); });
  settle();
  EXPECT_TRUE(log_.contains("action: background_task | result: fail | error: no luck"));
}

}  // namespace
}  // namespace sorteo
