// `sorteo submit --outbox`, run again after it has been cut short.

#include <gmock/gmock.h>

#include "apps/cli/submit_command.hpp"
#include "client_sdk/outbox.hpp"
#include "tests/apps/cli/fake_agency.hpp"
#include "tests/apps/cli/fake_console.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sorteo::cli {
namespace {

using client::FailureKind;
using client::Stage;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kBets[] =
    "Ana,Paz,1,1999-03-17,7574\r\n"
    "Ana,Paz,2,1999-03-17,7574\r\n"
    "Ana,Paz,3,1999-03-17,7574\r\n"
    "Ana,Paz,4,1999-03-17,7574\r\n"
    "Ana,Paz,5,1999-03-17,7574\r\n";

class SubmitOutboxTest : public testing::Test {
 protected:
  SubmitOutboxTest() {
    options_.service.servers = {{"127.0.0.1", 12345}};
    options_.service.agency = 7;
    options_.csv = folder_.write("bets.csv", kBets);
    options_.outbox = folder_ / "outbox";
  }

  ExitCode submit() { return run_submit(options_, test::connect_to(agency_), console_); }

  // The outbox that the command has told the connection of, which does not open it itself.
  std::unique_ptr<client::Outbox> outbox() {
    auto opened = client::Outbox::open(agency_.options.outbox.value());
    EXPECT_TRUE(opened.has_value()) << opened.error();
    return opened.has_value() ? std::move(*opened) : nullptr;
  }

  // A run that has taken `bets` of the file, and heard that so many of them are stored.
  void run_before(std::uint64_t bets, std::optional<std::uint64_t> stored) {
    submit();
    const auto left = outbox();
    ASSERT_TRUE(left);
    ASSERT_EQ(left->append({1, 1, bets, "packets"}), std::nullopt);
    if (stored) {
      ASSERT_EQ(left->settle(1, *stored), std::nullopt);
    }
    agency_.bets.clear();
    agency_.calls.clear();
    console_.said.clear();
  }

  std::vector<std::string> documents() const {
    std::vector<std::string> documents;
    for (const Bet& bet : agency_.bets) {
      documents.push_back(bet.document);
    }
    return documents;
  }

  test::TemporaryDirectory folder_;
  test::FakeAgency agency_;
  test::FakeConsole console_;
  SubmitOptions options_;
};

TEST_F(SubmitOutboxTest, FirstRunTakesNothingOver) {
  EXPECT_EQ(submit(), ExitCode::kOk);
  EXPECT_EQ(agency_.bets.size(), 5U);
  EXPECT_THAT(agency_.calls, ElementsAre("flush", "finish", "wait"));
  ASSERT_GE(console_.said.size(), 2U);
  EXPECT_EQ(console_.said[0],
            "action: outbox | result: success | ya_tomadas: 0 | ya_almacenadas: 0");
  EXPECT_EQ(agency_.options.outbox->path, options_.outbox);
  EXPECT_EQ(agency_.options.outbox->agency, 7U);
}

TEST_F(SubmitOutboxTest, NextRunGoesOnBehindWhatWasTaken) {
  run_before(3, 3);
  EXPECT_EQ(submit(), ExitCode::kOk);
  EXPECT_THAT(documents(), ElementsAre("4", "5"));
  EXPECT_THAT(agency_.calls, ElementsAre("flush", "flush", "finish", "wait"));
  ASSERT_GE(console_.said.size(), 2U);
  EXPECT_EQ(console_.said[0],
            "action: outbox | result: success | ya_tomadas: 3 | ya_almacenadas: 3");
}

TEST_F(SubmitOutboxTest, EverythingTakenIsOnlyFinished) {
  run_before(5, 5);
  EXPECT_EQ(submit(), ExitCode::kOk);
  EXPECT_THAT(agency_.bets, IsEmpty());
  EXPECT_TRUE(console_.has_said("action: envio | result: success | almacenadas: 5 |"));
  EXPECT_TRUE(console_.has_said("action: fin_de_envio | result: success"));
}

TEST_F(SubmitOutboxTest, BetsRefusedByAnEarlierRunKeepTheAgencyFromFinishing) {
  run_before(3, 0);
  EXPECT_EQ(submit(), ExitCode::kRefused);
  EXPECT_THAT(documents(), ElementsAre("4", "5"));
  EXPECT_THAT(agency_.calls, ElementsAre("flush", "flush"));
  EXPECT_TRUE(console_.has_said("rechazadas: 3 | desconocidas: 0 | no_enviadas: 0"));
  EXPECT_TRUE(console_.has_said("bets were refused in an earlier run; agency 7 has not finished"));
}

TEST_F(SubmitOutboxTest, AnotherFileIsRefused) {
  run_before(3, 3);
  folder_.write("bets.csv", std::string(kBets) + "Ana,Paz,6,1999-03-17,7574\r\n");
  EXPECT_EQ(submit(), ExitCode::kBadInput);
  EXPECT_THAT(console_.said, ElementsAre(HasSubstr("outbox: holds bets of another source")));
  EXPECT_THAT(agency_.bets, IsEmpty());
}

TEST_F(SubmitOutboxTest, SameBytesUnderAnotherNameAreTheSameFile) {
  run_before(3, 3);
  options_.csv = folder_.write("moved.csv", kBets);
  EXPECT_EQ(submit(), ExitCode::kOk);
  EXPECT_THAT(documents(), ElementsAre("4", "5"));
}

TEST_F(SubmitOutboxTest, AnotherAgencyIsRefused) {
  run_before(3, 3);
  options_.service.agency = 8;
  EXPECT_EQ(submit(), ExitCode::kBadInput);
  EXPECT_THAT(console_.said, ElementsAre(HasSubstr("is the outbox of agency 7, not of agency 8")));
}

TEST_F(SubmitOutboxTest, OutboxInUseIsSaid) {
  run_before(3, 3);
  const auto other = outbox();
  EXPECT_EQ(submit(), ExitCode::kBadInput);
  EXPECT_THAT(console_.said, ElementsAre(HasSubstr("is in use by another program")));
}

TEST_F(SubmitOutboxTest, BadFileMakesNoOutbox) {
  folder_.write("bets.csv", "Eva,Sol\n");
  EXPECT_EQ(submit(), ExitCode::kBadInput);
  EXPECT_EQ(folder_.content("outbox"), "");
}

TEST_F(SubmitOutboxTest, WhatTheOutboxKeepsIsNoUnknownEnd) {
  agency_.before_submit.push_back(client::Failure{FailureKind::kDisconnected, Stage::kAnswer,
                                                  "fake:1: answer: reset; 1 batch waits"});
  agency_.unsettled = {{1, 3, client::Outcome::kUnknown, "sent under session 00"}};
  EXPECT_EQ(submit(), ExitCode::kNoConnection);
  EXPECT_TRUE(
      console_.has_said("almacenadas: 0 | rechazadas: 0 | desconocidas: 3 | "
                        "no_enviadas: 2 | duplicadas: 0"));
  EXPECT_TRUE(console_.has_said("desde_linea: 1 | hasta_linea: 3 | motivo: sent under session 00"));
  EXPECT_TRUE(console_.has_said("sorteo: to go on, run the same command again"));
}

TEST_F(SubmitOutboxTest, SessionThatIsBrokenOffIsNotToBeRunAgain) {
  agency_.before_submit.push_back(client::Failure{FailureKind::kRefused, Stage::kAnswer,
                                                  "fake:1: answer: the outbox is an old copy"});
  EXPECT_EQ(submit(), ExitCode::kRefused);
  EXPECT_TRUE(console_.has_said("the outbox is an old copy"));
  EXPECT_FALSE(console_.has_said("run the same command again"));
}

TEST_F(SubmitOutboxTest, WithoutAnOutboxTheSameIsUnknown) {
  options_.outbox.clear();
  agency_.before_submit.push_back(client::Failure{FailureKind::kDisconnected, Stage::kAnswer,
                                                  "fake:1: answer: reset; 1 batch waits"});
  agency_.unsettled = {{1, 3, client::Outcome::kUnknown, "sent under session 00"}};
  EXPECT_EQ(submit(), ExitCode::kOutcomeUnknown);
}

TEST_F(SubmitOutboxTest, OutboxThatCannotBeWrittenIsAFailure) {
  agency_.before_submit.push_back(client::Failure{FailureKind::kOutbox, Stage::kLocal,
                                                  "outbox: cannot be written: No space left"});
  EXPECT_EQ(submit(), ExitCode::kFailure);
  EXPECT_TRUE(console_.has_said("sorteo: outbox: cannot be written: No space left"));
}

}  // namespace
}  // namespace sorteo::cli
