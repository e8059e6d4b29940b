#include "apps/server/stop_signals.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <thread>

namespace sorteo {
namespace {

// Each runs in a process of its own: signals are the whole process's.
class StopSignalsDeathTest : public testing::Test {
 protected:
  StopSignalsDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

// Killed by SIGALRM if nothing ends it.
[[noreturn]] void wait_for_ever() {
  ::alarm(60);
  for (;;) {
    ::pause();
  }
}

TEST_F(StopSignalsDeathTest, TheFirstSignalIsReturned) {
  EXPECT_EXIT(
      {
        StopSignals signals;
        ::kill(::getpid(), SIGTERM);
        ::_exit(signals.wait() == SIGTERM ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(StopSignalsDeathTest, TheSecondSignalEndsTheProcessAtOnce) {
  EXPECT_EXIT(
      {
        StopSignals signals;
        ::kill(::getpid(), SIGTERM);
        signals.wait();
        ::kill(::getpid(), SIGINT);
        wait_for_ever();
      },
      testing::ExitedWithCode(128 + SIGINT), "second signal");
}

TEST_F(StopSignalsDeathTest, CanBeInterruptedBeforeAndAfterItIsWaitedFor) {
  EXPECT_EXIT(
      {
        StopSignals signals;
        std::thread interrupting([&] { signals.interrupt(); });
        const bool first = !signals.wait().has_value();
        interrupting.join();
        ::_exit(first && !signals.wait().has_value() ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(StopSignalsDeathTest, ABrokenPipeEndsNothing) {
  EXPECT_EXIT(
      {
        StopSignals signals;
        ::raise(SIGPIPE);
        ::_exit(0);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(StopSignalsDeathTest, CanBeGivenUpWithoutASignal) {
  EXPECT_EXIT(
      {
        { StopSignals signals; }
        ::_exit(0);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace sorteo
