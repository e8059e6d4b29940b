#include "apps/cli/winners_command.hpp"

#include <gmock/gmock.h>

#include "tests/apps/cli/fake_agency.hpp"
#include "tests/apps/cli/fake_console.hpp"

namespace sorteo::cli {
namespace {

using client::FailureKind;
using client::Stage;
using testing::ElementsAre;

class WinnersCommandTest : public testing::Test {
 protected:
  ExitCode ask() { return run_winners(options_, test::connect_to(agency_), console_); }

  test::FakeAgency agency_;
  test::FakeConsole console_;
  WinnersOptions options_{.service = {.servers = {{"127.0.0.1", 12345}}, .agency = 7}};
};

TEST_F(WinnersCommandTest, PrintsOneDocumentALine) {
  agency_.on_ask = client::Winners{1, 4294967295};
  EXPECT_EQ(ask(), ExitCode::kOk);
  EXPECT_EQ(console_.out.text, "1\n4294967295\n");
  EXPECT_THAT(console_.said,
              ElementsAre("action: consulta_ganadores | result: success | cant_ganadores: 2"));
  EXPECT_THAT(agency_.calls, ElementsAre("ask"));
}

TEST_F(WinnersCommandTest, NoWinnersIsAnAnswer) {
  agency_.on_ask = client::Winners{};
  EXPECT_EQ(ask(), ExitCode::kOk);
  EXPECT_EQ(console_.out.text, "");
  EXPECT_TRUE(console_.has_said("cant_ganadores: 0"));
}

TEST_F(WinnersCommandTest, DrawNotHeldHasItsOwnCode) {
  EXPECT_EQ(ask(), ExitCode::kDrawNotHeld);
  EXPECT_EQ(console_.out.text, "");
  EXPECT_THAT(console_.said,
              ElementsAre("action: consulta_ganadores | result: in_progress",
                          "sorteo: the draw has not been held; ask again later, or wait with "
                          "--wait"));
}

TEST_F(WinnersCommandTest, WaitsAsLongAsItIsTold) {
  options_.patience = std::chrono::minutes(10);
  agency_.on_wait = client::Winners{5};
  EXPECT_EQ(ask(), ExitCode::kOk);
  EXPECT_EQ(agency_.patience, std::chrono::minutes(10));
  EXPECT_EQ(console_.out.text, "5\n");
}

TEST_F(WinnersCommandTest, WaitsInVain) {
  options_.patience = std::chrono::minutes(10);
  agency_.on_wait = client::Failure{FailureKind::kTimedOut, Stage::kAnswer, "late"};
  EXPECT_EQ(ask(), ExitCode::kDrawNotHeld);
}

TEST_F(WinnersCommandTest, ServerThatDoesNotAnswerIsNoLateDraw) {
  options_.patience = std::chrono::minutes(10);
  agency_.on_ask =
      client::Failure{FailureKind::kTimedOut, Stage::kConnect, "fake:1: connect: late"};
  EXPECT_EQ(ask(), ExitCode::kNoConnection);
  EXPECT_THAT(console_.said, ElementsAre("action: consulta_ganadores | result: fail",
                                         "sorteo: fake:1: connect: late"));
}

TEST_F(WinnersCommandTest, NeverAsksInVersion1ByItself) {
  for (const auto& [asked, spoken] :
       {std::pair(client::Protocol::kAuto, client::Protocol::kVersion2),
        std::pair(client::Protocol::kVersion1, client::Protocol::kVersion1)}) {
    options_.service.protocol = asked;
    EXPECT_EQ(ask(), ExitCode::kDrawNotHeld);
    EXPECT_EQ(agency_.options.protocol, spoken);
  }
}

TEST_F(WinnersCommandTest, ServerWithoutAWelcomeIsAFailureThatSaysHowToAskIt) {
  agency_.on_ask =
      client::Failure{FailureKind::kDisconnected, Stage::kAnswer, "fake:1: no Welcome"};
  EXPECT_EQ(ask(), ExitCode::kNoConnection);
  EXPECT_TRUE(console_.has_said("`--protocol 1` asks it"));
}

}  // namespace
}  // namespace sorteo::cli
