#include "tests/support/process.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <system_error>

namespace sorteo::test {
namespace {

using std::chrono::milliseconds;

TEST(ProcessTest, KeepsBothStreamsApartAndTheExitCode) {
  Process process({"sh", "-c", "echo data; echo trouble >&2; exit 7"});
  EXPECT_EQ(process.wait(), (ProcessEnd{.code = 7, .signal = {}}));
  EXPECT_EQ(process.out(), "data\n");
  EXPECT_EQ(process.err(), "trouble\n");
}

TEST(ProcessTest, WaitsForAPartOfTheOutput) {
  Process process({"sh", "-c", "echo ready; exec sleep 600"});
  EXPECT_TRUE(process.wait_for_out("ready"));
  EXPECT_EQ(process.wait(milliseconds(1)), std::nullopt);
}

TEST(ProcessTest, GivesUpWaitingWhenTheStreamEnds) {
  Process process({"sh", "-c", "echo something else"});
  EXPECT_FALSE(process.wait_for_out("ready"));
}

TEST(ProcessTest, TellsWhichSignalEndedIt) {
  Process process({"sleep", "600"});
  process.send_signal(SIGTERM);
  EXPECT_EQ(process.wait(), (ProcessEnd{.code = {}, .signal = SIGTERM}));
}

TEST(ProcessTest, RunsInTheGivenDirectory) {
  Process process({"pwd"}, "/usr");
  process.wait();
  EXPECT_EQ(process.out(), "/usr\n");
}

TEST(ProcessTest, IsGoneAfterItsDestruction) {
  pid_t id = 0;
  {
    Process process({"sleep", "600"});
    id = process.id();
  }
  EXPECT_NE(::kill(id, 0), 0);
}

TEST(ProcessTest, AProgramThatIsNotThereThrows) {
  EXPECT_THROW(Process({"/nonexistent/program"}), std::system_error);
}

}  // namespace
}  // namespace sorteo::test
