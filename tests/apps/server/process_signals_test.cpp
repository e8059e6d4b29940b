#include "apps/server/process_signals.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <thread>

namespace sorteo {
namespace {

// Each runs in a process of its own: signals are the whole process's.
class ProcessSignalsDeathTest : public testing::Test {
 protected:
  ProcessSignalsDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

// Killed by SIGALRM if nothing ends it.
[[noreturn]] void wait_for_ever() {
  ::alarm(60);
  for (;;) {
    ::pause();
  }
}

TEST_F(ProcessSignalsDeathTest, TheFirstSignalIsReturned) {
  EXPECT_EXIT(
      {
        ProcessSignals signals;
        ::kill(::getpid(), SIGTERM);
        ::_exit(signals.wait() == SIGTERM ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(ProcessSignalsDeathTest, TheSecondSignalEndsTheProcessAtOnce) {
  EXPECT_EXIT(
      {
        ProcessSignals signals;
        ::kill(::getpid(), SIGTERM);
        signals.wait();
        ::kill(::getpid(), SIGINT);
        wait_for_ever();
      },
      testing::ExitedWithCode(128 + SIGINT), "second signal");
}

TEST_F(ProcessSignalsDeathTest, AHangUpIsReturnedOnceAndTheStopAfterItAlways) {
  EXPECT_EXIT(
      {
        ProcessSignals signals;
        ::kill(::getpid(), SIGHUP);
        const bool is_reload = signals.wait() == SIGHUP;
        ::kill(::getpid(), SIGHUP);
        ::kill(::getpid(), SIGTERM);
        while (signals.wait() == SIGHUP) {
        }
        ::kill(::getpid(), SIGHUP);
        ::_exit(is_reload && signals.wait() == SIGTERM && signals.wait() == SIGTERM ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(ProcessSignalsDeathTest, CanBeInterruptedBeforeAndAfterItIsWaitedFor) {
  EXPECT_EXIT(
      {
        ProcessSignals signals;
        std::thread interrupting([&] { signals.interrupt(); });
        const bool first = !signals.wait().has_value();
        interrupting.join();
        ::_exit(first && !signals.wait().has_value() ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(ProcessSignalsDeathTest, ABrokenPipeEndsNothing) {
  EXPECT_EXIT(
      {
        ProcessSignals signals;
        ::raise(SIGPIPE);
        ::_exit(0);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(ProcessSignalsDeathTest, CanBeGivenUpWithoutASignal) {
  EXPECT_EXIT(
      {
        { ProcessSignals signals; }
        ::_exit(0);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace sorteo
