#include "apps/cli/command_line.hpp"

#include <gmock/gmock.h>

namespace sorteo::cli {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Command parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "sorteo");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

std::string error_of(std::vector<const char*> arguments) {
  const Command command = parse(std::move(arguments));
  const auto* words = std::get_if<Words>(&command);
  return words != nullptr && words->code == ExitCode::kUsage ? words->text : "no error";
}

std::string help_of(std::vector<const char*> arguments) {
  const Command command = parse(std::move(arguments));
  const auto* words = std::get_if<Words>(&command);
  return words != nullptr && words->code == ExitCode::kOk ? words->text : "no help";
}

TEST(CommandLineTest, SubmitHasDefaults) {
  const auto options = std::get<SubmitOptions>(
      parse({"submit", "--server", "h:1", "--agency", "7", "--csv", "f.csv"}));
  EXPECT_THAT(options.service.servers, ElementsAre(Endpoint{"h", 1}));
  EXPECT_EQ(options.service.agency, 7U);
  EXPECT_EQ(options.service.protocol, client::Protocol::kAuto);
  EXPECT_EQ(options.outbox, "");
  EXPECT_EQ(options.agency_total, std::nullopt);
  EXPECT_EQ(options.csv, "f.csv");
  EXPECT_TRUE(options.wait);
  EXPECT_FALSE(options.quiet);
  EXPECT_EQ(options.patience, 1h);
  EXPECT_EQ(options.service.answer_timeout, 30s);
  EXPECT_EQ(options.batch_bets, 100U);
  EXPECT_EQ(options.batch_bytes, 8192U);
  EXPECT_EQ(options.window, 16U);
}

TEST(CommandLineTest, SubmitTakesEveryOption) {
  const auto options = std::get<SubmitOptions>(
      parse({"submit", "--server=[::1]:2", "--agency=4294967295", "--csv=f", "--no-wait",
             "--timeout=5s", "--server=b:3", "--protocol=2", "--outbox=o", "--agency-total=300",
             "--batch-bets=10", "--batch-bytes=1024", "--window=1", "--quiet"}));
  EXPECT_THAT(options.service.servers, ElementsAre(Endpoint{"::1", 2}, Endpoint{"b", 3}));
  EXPECT_EQ(options.service.agency, 4294967295U);
  EXPECT_EQ(options.service.protocol, client::Protocol::kVersion2);
  EXPECT_EQ(options.outbox, "o");
  EXPECT_EQ(options.agency_total, 300U);
  EXPECT_FALSE(options.wait);
  EXPECT_TRUE(options.quiet);
  EXPECT_EQ(options.service.answer_timeout, 5s);
  EXPECT_EQ(options.batch_bets, 10U);
  EXPECT_EQ(options.batch_bytes, 1024U);
  EXPECT_EQ(options.window, 1U);
}

TEST(CommandLineTest, SubmitTellsItsProgressAsOftenAsTold) {
  const auto options = std::get<SubmitOptions>(
      parse({"submit", "--server=h:1", "--agency=1", "--csv=f", "--progress-every", "250ms"}));
  EXPECT_EQ(options.progress_every, 250ms);
}

TEST(CommandLineTest, WinnersWaitsWhenTold) {
  EXPECT_EQ(
      std::get<WinnersOptions>(parse({"winners", "--server", "h:1", "--agency", "7"})).patience,
      0s);
  EXPECT_EQ(std::get<WinnersOptions>(
                parse({"winners", "--server", "h:1", "--agency", "7", "--wait", "10m"}))
                .patience,
            10min);
}

TEST(CommandLineTest, StoreCommandsTakePaths) {
  EXPECT_EQ(std::get<ExportOptions>(parse({"export", "--storage", "s"})).out, "");
  EXPECT_EQ(std::get<ExportOptions>(parse({"export", "--storage", "s", "--out", "o"})).out, "o");
  EXPECT_EQ(std::get<VerifyOptions>(parse({"verify", "--storage", "s"})).storage, "s");
}

TEST(CommandLineTest, RepairOnlyReportsUnlessToldOtherwise) {
  const auto parsed = [](std::vector<const char*> more) {
    more.insert(more.begin(), {"repair", "--storage", "s"});
    return std::get<RepairCommandOptions>(parse(std::move(more)));
  };
  EXPECT_EQ(parsed({}).storage, "s");
  EXPECT_EQ(parsed({}).action, RepairAction::kReport);
  EXPECT_EQ(parsed({"--cut"}).action, RepairAction::kCut);
  EXPECT_EQ(parsed({"--drop-checkpoint"}).action, RepairAction::kDropCheckpoint);
  EXPECT_THAT(error_of({"repair", "--storage", "s", "--cut", "--drop-checkpoint"}),
              HasSubstr("--cut"));
}

TEST(CommandLineTest, GenerateTakesNumbers) {
  const auto options =
      std::get<GenerateOptions>(parse({"generate", "--agencies", "5", "--bets", "010", "--seed",
                                       "18446744073709551615", "--out", "d", "--force"}));
  EXPECT_EQ(options.agencies, 5U);
  EXPECT_EQ(options.bets, 10U);
  EXPECT_EQ(options.seed, 18446744073709551615U);
  EXPECT_TRUE(options.force);
}

TEST(CommandLineTest, WrongArgumentsAreNamed) {
  EXPECT_THAT(error_of({}), HasSubstr("subcommand is required"));
  EXPECT_EQ(error_of({"draw"}),
            "sorteo: \"draw\" is no command; the commands are submit, winners, export, verify, "
            "repair, generate, bench");
  EXPECT_THAT(error_of({"verify"}), HasSubstr("--storage is required"));
  EXPECT_THAT(error_of({"verify", "--storage", ""}), HasSubstr("the path is empty"));
  EXPECT_THAT(error_of({"verify", "--storage", "a", "--fast"}), HasSubstr("--fast"));
  EXPECT_THAT(error_of({"verify", "--storage", "a", "b"}), HasSubstr("b"));
  EXPECT_THAT(error_of({"winners", "--server", "h", "--agency", "1"}),
              AllOf(HasSubstr("--server"), HasSubstr("\"h\" names no port")));
  EXPECT_THAT(error_of({"winners", "--server", "h:1", "--agency", "1", "--wait", "soon"}),
              AllOf(HasSubstr("--wait"), HasSubstr("\"soon\" is no time")));
}

TEST(CommandLineTest, WrongNumbersAreNamed) {
  for (const char* number :
       {"0", "-1", "4294967296", "0x10", "1e3", "one", "", " 1", "1.5", "99999999999999999999"}) {
    EXPECT_THAT(error_of({"winners", "--server", "h:1", "--agency", number}),
                AllOf(HasSubstr("--agency"), HasSubstr("is not a number from 1 to 4294967295")))
        << number;
  }
}

TEST(CommandLineTest, WaitingAndNotWaitingExcludeEachOther) {
  EXPECT_THAT(error_of({"submit", "--server", "h:1", "--agency", "7", "--csv", "f", "--no-wait",
                        "--wait", "1h"}),
              HasSubstr("--wait"));
}

TEST(CommandLineTest, ServerTakesOneAddress) {
  EXPECT_THAT(error_of({"winners", "--agency", "1", "--server", "h:1", "i:2"}), HasSubstr("i:2"));
  EXPECT_THAT(error_of({"winners", "--agency", "1", "--server", "h:1", "--server", "i"}),
              HasSubstr("\"i\" names no port"));
}

TEST(CommandLineTest, ProtocolIsOneOfThree) {
  const auto protocol_of = [](const char* text) {
    return std::get<WinnersOptions>(
               parse({"winners", "--server", "h:1", "--agency", "1", "--protocol", text}))
        .service.protocol;
  };
  EXPECT_EQ(protocol_of("auto"), client::Protocol::kAuto);
  EXPECT_EQ(protocol_of("1"), client::Protocol::kVersion1);
  EXPECT_EQ(protocol_of("2"), client::Protocol::kVersion2);
  EXPECT_THAT(error_of({"winners", "--server", "h:1", "--agency", "1", "--protocol", "3"}),
              HasSubstr("\"3\" is not auto, 1 or 2"));
}

TEST(CommandLineTest, OutboxNeedsVersionTwo) {
  EXPECT_THAT(error_of({"submit", "--server", "h:1", "--agency", "7", "--csv", "f", "--outbox", "o",
                        "--protocol", "1"}),
              HasSubstr("--outbox: needs version 2 of the protocol"));
}

TEST(CommandLineTest, HelpHasExamplesAndWarnings) {
  EXPECT_THAT(help_of({"--help"}), AllOf(HasSubstr("submit"), HasSubstr("Exit codes")));
  for (const char* command : {"submit", "winners", "export", "verify", "repair", "generate"}) {
    EXPECT_THAT(help_of({command, "--help"}),
                HasSubstr("  sorteo " + std::string(command) + " --"));
  }
  EXPECT_THAT(help_of({"winners", "--help"}), HasSubstr("the agency has\nfinished"));
  EXPECT_THAT(help_of({"submit", "--help"}),
              AllOf(HasSubstr("With --outbox, whatever happens, run the same"),
                    HasSubstr("Without it, sending the same file again\nstores its bets again")));
}

TEST(CommandLineTest, VersionIsTold) {
  EXPECT_THAT(help_of({"--version"}), testing::StartsWith("sorteo 0."));
}

}  // namespace
}  // namespace sorteo::cli
