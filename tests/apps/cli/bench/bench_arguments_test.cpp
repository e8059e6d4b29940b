#include <gmock/gmock.h>

#include <vector>

#include "apps/cli/command_line.hpp"

namespace sorteo::cli {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Command parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), {"sorteo", "bench"});
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

BenchOptions options_of(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), {"--server", "h:1"});
  return std::get<BenchOptions>(parse(std::move(arguments)));
}

std::string error_of(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), {"--server", "h:1"});
  const Command command = parse(std::move(arguments));
  const auto* words = std::get_if<Words>(&command);
  return words != nullptr && words->code == ExitCode::kUsage ? words->text : "no error";
}

TEST(BenchArgumentsTest, HaveDefaults) {
  const BenchOptions options = options_of({});
  EXPECT_EQ(options.server, (Endpoint{"h", 1}));
  EXPECT_EQ(options.agencies, 5U);
  EXPECT_EQ(options.first_agency, 1U);
  EXPECT_EQ(options.connections, 5U);
  EXPECT_EQ(options.batch_bets, 100U);
  EXPECT_EQ(options.window, 64U);
  EXPECT_EQ(options.duration, 10s);
  EXPECT_EQ(options.warm_up, 1s);
  EXPECT_EQ(options.rate, std::nullopt);
  EXPECT_EQ(options.version, WireVersion::k2);
  EXPECT_EQ(options.through, Through::kWire);
  EXPECT_THAT(options.csv, IsEmpty());
  EXPECT_FALSE(options.winners);
  EXPECT_FALSE(options.confirmed);
}

TEST(BenchArgumentsTest, AllAreTaken) {
  const BenchOptions options = options_of({"--agencies=2",
                                           "--first-agency=9",
                                           "--connections=8",
                                           "--batch-bets=10",
                                           "--window=3",
                                           "--duration=2m",
                                           "--warm-up=0",
                                           "--rate=5000",
                                           "--protocol=1",
                                           "--through=wire",
                                           "--threads=4",
                                           "--seed=7",
                                           "--store=s",
                                           "--winners",
                                           "--json=-",
                                           "--yes",
                                           "--server-pid=12",
                                           "--timeout=3s",
                                           "--idle-connections=6",
                                           "--progress-every=1s",
                                           "--csv",
                                           "a.csv",
                                           "b.csv"});
  EXPECT_EQ(options.agencies, 2U);
  EXPECT_EQ(options.first_agency, 9U);
  EXPECT_EQ(options.connections, 8U);
  EXPECT_EQ(options.batch_bets, 10U);
  EXPECT_EQ(options.window, 3U);
  EXPECT_EQ(options.duration, 2min);
  EXPECT_EQ(options.warm_up, 0s);
  EXPECT_EQ(options.rate, 5'000U);
  EXPECT_EQ(options.version, WireVersion::k1);
  EXPECT_EQ(options.threads, 4U);
  EXPECT_EQ(options.seed, 7U);
  EXPECT_EQ(options.store, "s");
  EXPECT_TRUE(options.winners);
  EXPECT_EQ(options.json, "-");
  EXPECT_TRUE(options.confirmed);
  EXPECT_EQ(options.server_pid, 12);
  EXPECT_EQ(options.timeout, 3s);
  EXPECT_EQ(options.idle_connections, 6U);
  EXPECT_EQ(options.progress_every, 1s);
  EXPECT_THAT(options.csv, ElementsAre("a.csv", "b.csv"));
  EXPECT_EQ(options_of({"--through", "sdk"}).through, Through::kSdk);
}

TEST(BenchArgumentsTest, OfAgenciesAndConnectionsTheOneLeftOutFollows) {
  EXPECT_EQ(options_of({"--connections=1"}).agencies, 1U);
  EXPECT_EQ(options_of({"--connections=1000"}).agencies, 5U);
  EXPECT_EQ(options_of({"--agencies=9"}).connections, 9U);
  EXPECT_EQ(options_of({"--agencies=2"}).connections, 5U);
  EXPECT_THAT(error_of({"--agencies=3", "--connections=2"}), HasSubstr("each agency needs one"));
}

TEST(BenchArgumentsTest, SayWhatIsWrong) {
  EXPECT_THAT(error_of({"--protocol=auto"}), HasSubstr("\"auto\" is not 1 or 2"));
  EXPECT_THAT(error_of({"--through=air"}), HasSubstr("\"air\" is not wire or sdk"));
  EXPECT_THAT(error_of({"--rate=0"}), HasSubstr("\"0\" is not a number from 1"));
  EXPECT_THAT(error_of({"--duration=0"}), HasSubstr("nothing can be measured in no time"));
  EXPECT_THAT(error_of({"--through=sdk", "--connections=1001"}), HasSubstr("1000 at most"));
  const Command command = parse({});
  EXPECT_EQ(std::get<Words>(command).code, ExitCode::kUsage) << "there is no default server";
}

TEST(BenchArgumentsTest, HelpWarns) {
  const Command help = parse({"--help"});
  EXPECT_EQ(std::get<Words>(help).code, ExitCode::kOk);
  EXPECT_THAT(std::get<Words>(help).text, HasSubstr("Never point it at a server with a real draw"));
}

}  // namespace
}  // namespace sorteo::cli
