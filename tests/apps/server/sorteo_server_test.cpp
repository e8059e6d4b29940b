// The program as its operator meets it: arguments in, log lines and exit codes out.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/apps/server/connection.hpp"
#include "tests/apps/server/sorteo_server_fixture.hpp"
#include "tests/support/server_process.hpp"

namespace sorteo::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

TEST_F(SorteoServerTest, TellsItsVersionAndHelp) {
  Process version({kServer, "--version"});
  EXPECT_EQ(version.wait(), exited(0));
  EXPECT_THAT(version.out(), MatchesRegex("sorteo-server [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  Process help({kServer, "--help"});
  EXPECT_EQ(help.wait(), exited(0));
  EXPECT_THAT(help.out(), HasSubstr("--check-config"));
}

TEST_F(SorteoServerTest, WrongArgumentsEndItWithTwo) {
  Process process({kServer, "--verbose"});
  EXPECT_EQ(process.wait(), exited(2));
  EXPECT_THAT(process.err(), StartsWith("sorteo-server: "));
}

TEST_F(SorteoServerTest, ChecksAConfiguration) {
  const std::string path = config();
  Process process({kServer, "--config", path, "--check-config"});
  EXPECT_EQ(process.wait(), exited(0));
  EXPECT_THAT(process.out(), HasSubstr("\"durability\": \"fsync\""));
  EXPECT_EQ(process.err(), path + ": OK\n");
  EXPECT_FALSE(std::filesystem::exists(store()));
}

TEST_F(SorteoServerTest, WhatCannotBePrintedIsAFailure) {
  Process process(
      {"sh", "-c", R"(exec "$0" --config "$1" --check-config >/dev/full)", kServer, config()});
  EXPECT_EQ(process.wait(), exited(1));
  EXPECT_THAT(process.err(), HasSubstr("cannot write to standard output"));
  Process closed({"sh", "-c", R"(exec "$0" --config "$1" --check-config >&-)", kServer, config()});
  EXPECT_EQ(closed.wait(), exited(1));
}

TEST_F(SorteoServerTest, AWrongConfigurationEndsItWithThree) {
  const std::string path = config(R"(, "thread": 1, "log": {"level": "loud"})");
  Process process({kServer, "--config", path});
  EXPECT_EQ(process.wait(), exited(3));
  EXPECT_EQ(process.err(), path +
                               ": log.level: found \"loud\", expected \"debug\", \"info\", "
                               "\"warning\" or \"error\"\n" +
                               path + ": thread: unknown key, did you mean \"threads\"?\n");
}

TEST_F(SorteoServerTest, AConfigurationThatIsNotThereEndsItWithThree) {
  Process process({kServer, "--config", directory_ / "none.json"});
  EXPECT_EQ(process.wait(), exited(3));
  EXPECT_THAT(process.err(), HasSubstr("none.json: cannot be read: No such file or directory"));
}

TEST_F(SorteoServerTest, AnAddressThatIsTakenEndsItWithFour) {
  ServerProcess first(kServer, config());
  const std::string other =
      directory_.write("other.json", R"({"listen": {"port": )" + std::to_string(first.port()) +
                                         R"(}, "storage": {"type": "memory"}})");
  Process second({kServer, "--config", other});
  EXPECT_EQ(second.wait(), exited(4));
  EXPECT_THAT(second.err(), HasSubstr("action: listen | result: fail | error: "));
  EXPECT_THAT(second.err(), HasSubstr("action: close_store | result: success"));
}

TEST_F(SorteoServerTest, AStoreThatIsInUseEndsItWithSix) {
  ServerProcess first(kServer, config());
  Process second({kServer, "--config", config()});
  EXPECT_EQ(second.wait(), exited(6));
  EXPECT_THAT(second.err(), HasSubstr("action: open_store | result: fail | error: "));
}

TEST_F(SorteoServerTest, AStoreThatCannotBeOpenedEndsItWithSeven) {
  directory_.write("bets", "a file where the directory should be");
  Process process({kServer, "--config", config()});
  EXPECT_EQ(process.wait(), exited(7));
  EXPECT_THAT(process.err(), HasSubstr("action: open_store | result: fail | error: "));
}

TEST_F(SorteoServerTest, SigtermStopsItInOrder) {
  ServerProcess server(kServer, config());
  EXPECT_EQ(server.stop(), exited(0));
  const std::string log = server.process().err();
  const std::vector<std::string> lines{
      "action: start | result: in_progress | version: ",
      "action: config | result: success",
      "action: open_store | result: success | batches: 0 | bets: 0",
      "action: listen | result: success",
      "action: start | result: success",
      "action: stop | result: in_progress | signal: SIGTERM",
      "action: close_listener | result: success",
      "action: close_sessions | result: success",
      "action: close_store | result: success",
      "action: close_background | result: success",
      "action: stop | result: success",
  };
  std::size_t at = 0;
  for (const std::string& line : lines) {
    at = log.find(line, at);
    ASSERT_NE(at, std::string::npos) << line << "\nis missing, or out of order, in\n" << log;
  }
  EXPECT_EQ(server.process().out(), "");
}

TEST_F(SorteoServerTest, SigintStopsItToo) {
  ServerProcess server(kServer, config());
  server.process().send_signal(SIGINT);
  EXPECT_EQ(server.process().wait(), exited(0));
  EXPECT_THAT(server.process().err(), HasSubstr("signal: SIGINT"));
}

TEST_F(SorteoServerTest, AnIdleConnectionDoesNotHoldUpTheStop) {
  ServerProcess server(kServer, config(R"(, "shutdown": {"grace_ms": 600000})"));
  const Connection idle(server.port());
  EXPECT_EQ(server.stop(), exited(0));
}

TEST_F(SorteoServerTest, ASecondSignalEndsItAtOnce) {
  ServerProcess server(kServer, config());
  // Both wait while it is stopped, so it gets them together; the lower number first.
  server.process().send_signal(SIGSTOP);
  server.process().send_signal(SIGINT);
  server.process().send_signal(SIGTERM);
  server.process().send_signal(SIGCONT);
  EXPECT_EQ(server.process().wait(), exited(128 + SIGTERM));
  EXPECT_THAT(server.process().err(), HasSubstr("second signal, ended at once"));
}

}  // namespace
}  // namespace sorteo::test
