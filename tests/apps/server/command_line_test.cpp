#include "apps/server/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sorteo {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Action = CommandLine::Action;

TEST(CommandLineTest, RunsWithAConfiguration) {
  const CommandLine line = parse_command_line({"--config", "server.json"});
  EXPECT_EQ(line.action, Action::kRun);
  EXPECT_EQ(line.config_path, "server.json");
}

TEST(CommandLineTest, ChecksAConfiguration) {
  const CommandLine line = parse_command_line({"--check-config", "--config=server.json"});
  EXPECT_EQ(line.action, Action::kCheckConfig);
  EXPECT_EQ(line.config_path, "server.json");
}

TEST(CommandLineTest, HelpNeedsNoConfiguration) {
  const CommandLine line = parse_command_line({"--help"});
  EXPECT_EQ(line.action, Action::kEnd);
  EXPECT_EQ(line.exit_code, ExitCode::kSuccess);
  EXPECT_THAT(line.out, HasSubstr("Examples:"));
  EXPECT_THAT(line.out, HasSubstr("Exit codes:"));
  EXPECT_EQ(line.err, "");
}

TEST(CommandLineTest, TellsItsVersion) {
  const CommandLine line = parse_command_line({"--version"});
  EXPECT_EQ(line.exit_code, ExitCode::kSuccess);
  EXPECT_THAT(line.out, StartsWith("sorteo-server "));
}

TEST(CommandLineTest, TheConfigurationIsRequired) {
  const CommandLine line = parse_command_line({});
  EXPECT_EQ(line.exit_code, ExitCode::kUsage);
  EXPECT_EQ(line.err,
            "sorteo-server: --config is required\nsorteo-server --help tells what can be given.\n");
}

TEST(CommandLineTest, AnUnknownOptionIsNamed) {
  const CommandLine line = parse_command_line({"--config", "server.json", "--verbose"});
  EXPECT_EQ(line.exit_code, ExitCode::kUsage);
  EXPECT_THAT(line.err, HasSubstr("--verbose"));
}

TEST(CommandLineTest, TwoConfigurationsAreRefused) {
  const CommandLine line = parse_command_line({"--config", "a.json", "--config", "b.json"});
  EXPECT_EQ(line.exit_code, ExitCode::kUsage);
  EXPECT_THAT(line.err, HasSubstr("--config"));
}

}  // namespace
}  // namespace sorteo
