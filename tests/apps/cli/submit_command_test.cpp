#include "apps/cli/submit_command.hpp"

#include <gmock/gmock.h>
#include <signal.h>

#include "tests/apps/cli/fake_agency.hpp"
#include "tests/apps/cli/fake_console.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sorteo::cli {
namespace {

using client::FailureKind;
using client::Outcome;
using client::Stage;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Batches of 10 bets, 3 of them in flight.
class SubmitCommandTest : public testing::Test {
 protected:
  SubmitCommandTest() {
    options_.service.servers = {{"127.0.0.1", 12345}};
    options_.service.agency = 7;
    options_.batch_bets = 10;
    options_.window = 3;
    agency_.on_wait = client::Winners{30904465, 4000001};
  }

  static std::string lines(int count) {
    std::string text;
    for (int line = 1; line <= count; ++line) {
      text += "Ana,Paz," + std::to_string(line) + ",1999-03-17,7574\r\n";
    }
    return text;
  }

  ExitCode submit(std::string_view content) {
    options_.csv = folder_.write("bets.csv", content);
    return run_submit(options_, test::connect_to(agency_), console_);
  }

  test::TemporaryDirectory folder_;
  test::FakeAgency agency_;
  test::FakeConsole console_;
  SubmitOptions options_;
};

TEST_F(SubmitCommandTest, SendsFinishesWaitsAndPrintsTheWinners) {
  EXPECT_EQ(submit(lines(25)), ExitCode::kOk);
  EXPECT_EQ(agency_.bets.size(), 25U);
  EXPECT_EQ(agency_.bets[24], (Bet{"Ana", "Paz", "25", "1999-03-17", "7574"}));
  EXPECT_THAT(agency_.calls, ElementsAre("flush", "finish", "wait"));
  EXPECT_EQ(console_.out.text, "30904465\n4000001\n");
  EXPECT_THAT(console_.said,
              ElementsAre("action: envio | result: success | almacenadas: 25 | rechazadas: 0 | "
                          "desconocidas: 0 | no_enviadas: 0 | duplicadas: 0",
                          "action: fin_de_envio | result: success",
                          "action: espera_sorteo | result: in_progress | hasta: 3600 s",
                          "action: consulta_ganadores | result: success | cant_ganadores: 2"));
}

TEST_F(SubmitCommandTest, OptionsReachTheConnection) {
  options_.service.answer_timeout = std::chrono::seconds(5);
  options_.batch_bytes = 4096;
  options_.patience = std::chrono::minutes(3);
  EXPECT_EQ(submit(lines(1)), ExitCode::kOk);
  EXPECT_EQ(agency_.options.host, "127.0.0.1");
  EXPECT_EQ(agency_.options.port, 12345);
  EXPECT_EQ(agency_.options.agency, 7U);
  EXPECT_EQ(agency_.options.max_batch_bytes, 4096U);
  EXPECT_EQ(agency_.options.answer_timeout, std::chrono::seconds(5));
  EXPECT_EQ(agency_.options.connect_timeout, std::chrono::seconds(5));
  EXPECT_EQ(agency_.patience, std::chrono::minutes(3));
}

TEST_F(SubmitCommandTest, SeveralServersAndTheVersionReachTheConnection) {
  options_.service.servers.push_back({"b", 2});
  options_.service.servers.push_back({"c", 3});
  options_.service.protocol = client::Protocol::kVersion2;
  EXPECT_EQ(submit(lines(1)), ExitCode::kOk);
  EXPECT_EQ(agency_.options.host, "127.0.0.1");
  EXPECT_THAT(agency_.options.alternates,
              ElementsAre(client::ServerAddress{"b", 2}, client::ServerAddress{"c", 3}));
  EXPECT_EQ(agency_.options.protocol, client::Protocol::kVersion2);
  EXPECT_EQ(agency_.options.outbox, std::nullopt);
}

TEST_F(SubmitCommandTest, DuplicatesAreStoredAndCounted) {
  agency_.outcomes[2] = Outcome::kDuplicate;
  EXPECT_EQ(submit(lines(25)), ExitCode::kOk);
  EXPECT_EQ(console_.said[0],
            "action: envio | result: success | almacenadas: 25 | rechazadas: 0 | desconocidas: 0 | "
            "no_enviadas: 0 | duplicadas: 10");
}

TEST_F(SubmitCommandTest, TotalOfTheAgencyIsToldOnFinishing) {
  EXPECT_EQ(submit(lines(1)), ExitCode::kOk);
  EXPECT_EQ(agency_.total, std::nullopt);
  options_.agency_total = 300;
  EXPECT_EQ(submit(lines(1)), ExitCode::kOk);
  EXPECT_EQ(agency_.total, 300U);
}

TEST_F(SubmitCommandTest, FinishThatIsRefusedSaysHowToGoOn) {
  agency_.on_finish = client::Failure{FailureKind::kRefused, Stage::kAnswer,
                                      "fake:1: answer: 300 bets are stored, not 5"};
  EXPECT_EQ(submit(lines(5)), ExitCode::kRefused);
  EXPECT_TRUE(console_.has_said("300 bets are stored, not 5"));
  EXPECT_TRUE(console_.has_said("say with --agency-total how many it has in all"));
}

TEST_F(SubmitCommandTest, ProgressIsSaidAsOftenAsAskedFor) {
  options_.progress_every = std::chrono::milliseconds(0);
  EXPECT_EQ(submit(lines(3)), ExitCode::kOk);
  EXPECT_THAT(console_.said,
              Contains(HasSubstr("action: envio | result: in_progress | apuestas: 3 | total: 3")));
}

TEST_F(SubmitCommandTest, WithoutWaitingItStillFinishes) {
  options_.wait = false;
  EXPECT_EQ(submit(lines(5)), ExitCode::kOk);
  EXPECT_THAT(agency_.calls, ElementsAre("flush", "finish"));
  EXPECT_EQ(console_.out.text, "");
}

TEST_F(SubmitCommandTest, EmptyFileJustFinishes) {
  EXPECT_EQ(submit(""), ExitCode::kOk);
  EXPECT_THAT(agency_.bets, IsEmpty());
  EXPECT_THAT(agency_.calls, ElementsAre("flush", "finish", "wait"));
}

TEST_F(SubmitCommandTest, EveryBadLineIsReportedBeforeAnythingIsSent) {
  EXPECT_EQ(submit(lines(15) + "Eva,Sol,1,1999-02-30,5\n" + lines(1) + "Eva,Sol\n"),
            ExitCode::kBadInput);
  EXPECT_THAT(console_.said,
              ElementsAre(options_.csv + ":16: birthdate \"1999-02-30\" is not a date",
                          options_.csv + ":18: 2 fields where 5 are expected: "
                                         "first_name,last_name,document,birthdate,number",
                          "sorteo: nothing was sent"));
  EXPECT_THAT(agency_.bets, IsEmpty());
  EXPECT_THAT(agency_.calls, IsEmpty());
}

TEST_F(SubmitCommandTest, ManyBadLinesAreCounted) {
  std::string text;
  for (int line = 0; line < 1'000; ++line) {
    text += "Eva,Sol,x,1999-03-17,5\n";
  }
  EXPECT_EQ(submit(text), ExitCode::kBadInput);
  ASSERT_EQ(console_.said.size(), 22U);
  EXPECT_EQ(console_.said[19], options_.csv + ":20: document \"x\" is not a decimal number");
  EXPECT_EQ(console_.said[20], options_.csv + ": and 980 more bad lines");
}

TEST_F(SubmitCommandTest, MissingFileIsBadInput) {
  options_.csv = "no/such.csv";
  EXPECT_EQ(run_submit(options_, test::connect_to(agency_), console_), ExitCode::kBadInput);
  EXPECT_THAT(console_.said,
              ElementsAre("sorteo: no/such.csv: cannot be opened: No such file or directory"));
}

TEST_F(SubmitCommandTest, UnknownBatchesAreNamedByTheirLines) {
  agency_.outcomes[2] = Outcome::kUnknown;
  EXPECT_EQ(submit(lines(95)), ExitCode::kOutcomeUnknown);
  EXPECT_THAT(agency_.calls, IsEmpty());
  EXPECT_THAT(
      console_.said,
      ElementsAre(
          "action: envio | result: fail | almacenadas: 10 | rechazadas: 0 | "
          "desconocidas: 30 | no_enviadas: 55 | duplicadas: 0",
          "action: lote | result: fail | estado: desconocido | desde_linea: 11 | hasta_linea: 20",
          "action: lote | result: fail | estado: desconocido | desde_linea: 21 | hasta_linea: 30",
          "action: lote | result: fail | estado: desconocido | desde_linea: 31 | hasta_linea: 40",
          "sorteo: fake:1: answer: connection reset"));
}

TEST_F(SubmitCommandTest, RefusedBatchStopsAndTheOthersAreStillAnswered) {
  agency_.outcomes[2] = Outcome::kRefused;
  agency_.outcomes[4] = Outcome::kRefused;
  EXPECT_EQ(submit(lines(95)), ExitCode::kRefused);
  EXPECT_THAT(
      console_.said,
      ElementsAre(
          "action: envio | result: fail | almacenadas: 30 | rechazadas: 20 | "
          "desconocidas: 0 | no_enviadas: 45 | duplicadas: 0",
          "action: lote | result: fail | estado: rechazado | desde_linea: 11 | hasta_linea: 20 | "
          "motivo: the draw has been held",
          "action: lote | result: fail | estado: rechazado | desde_linea: 31 | hasta_linea: 40 | "
          "motivo: the draw has been held",
          "sorteo: fake:1: answer: the draw has been held"));
}

TEST_F(SubmitCommandTest, UnknownAfterRefusedIsUnknown) {
  agency_.outcomes[2] = Outcome::kRefused;
  agency_.outcomes[3] = Outcome::kUnknown;
  EXPECT_EQ(submit(lines(95)), ExitCode::kOutcomeUnknown);
  EXPECT_EQ(console_.said[0],
            "action: envio | result: fail | almacenadas: 10 | rechazadas: 10 | desconocidas: 30 | "
            "no_enviadas: 45 | duplicadas: 0");
}

TEST_F(SubmitCommandTest, ServerOutOfReachLeavesNothingUnknown) {
  agency_.before_submit.push_back(client::Failure{FailureKind::kDisconnected, Stage::kConnect,
                                                  "fake:1: connect: Connection refused"});
  EXPECT_EQ(submit(lines(25)), ExitCode::kNoConnection);
  EXPECT_THAT(console_.said,
              ElementsAre("action: envio | result: fail | almacenadas: 0 | rechazadas: 0 | "
                          "desconocidas: 0 | no_enviadas: 25 | duplicadas: 0",
                          "sorteo: fake:1: connect: Connection refused"));
}

TEST_F(SubmitCommandTest, SlowServerThatAnswersIsWaitedFor) {
  agency_.is_slow = true;
  EXPECT_EQ(submit(lines(95)), ExitCode::kOk);
  EXPECT_EQ(agency_.bets.size(), 95U);
  EXPECT_TRUE(console_.has_said("result: success | almacenadas: 95"));
}

TEST_F(SubmitCommandTest, ServerThatDoesNotAnswerIsGivenUp) {
  agency_.before_submit.assign(3, std::nullopt);
  agency_.before_submit.push_back(
      client::Failure{FailureKind::kTimedOut, Stage::kConnect, "fake:1: connect: late"});
  EXPECT_EQ(submit(lines(95)), ExitCode::kNoConnection);
  EXPECT_TRUE(console_.has_said("desconocidas: 0 | no_enviadas: 95"));
}

TEST_F(SubmitCommandTest, BatchOnTheWireIsNeverCalledNotSent) {
  agency_.before_submit.assign(20, std::nullopt);
  agency_.before_submit.push_back(
      client::Failure{FailureKind::kTimedOut, Stage::kAnswer, "fake:1: answer: slow"});
  agency_.outcomes[1] = Outcome::kUnknown;
  EXPECT_EQ(submit(lines(95)), ExitCode::kOutcomeUnknown);
  EXPECT_TRUE(
      console_.has_said("almacenadas: 0 | rechazadas: 0 | desconocidas: 30 | "
                        "no_enviadas: 65"));
}

TEST_F(SubmitCommandTest, FailedFinishSaysThatTheBetsAreStored) {
  agency_.on_finish =
      client::Failure{FailureKind::kDisconnected, Stage::kAnswer, "fake:1: answer: closed"};
  EXPECT_EQ(submit(lines(5)), ExitCode::kNoConnection);
  EXPECT_TRUE(console_.has_said("result: success | almacenadas: 5"));
  EXPECT_TRUE(console_.has_said("action: fin_de_envio | result: fail"));
  EXPECT_TRUE(console_.has_said("every bet is stored"));
}

TEST_F(SubmitCommandTest, DrawThatIsLateHasItsOwnCode) {
  agency_.on_wait = client::Failure{FailureKind::kTimedOut, Stage::kAnswer, "late"};
  EXPECT_EQ(submit(lines(5)), ExitCode::kDrawNotHeld);
  EXPECT_EQ(console_.out.text, "");
  EXPECT_TRUE(console_.has_said("the draw was not held within 3600 s"));
}

TEST_F(SubmitCommandTest, FileThatChangesIsNotFinished) {
  options_.csv = folder_.write("bets.csv", lines(25));
  const auto connect = [this](client::Options how) {  // after the check, before the sending
    folder_.write("bets.csv", lines(26));
    return test::connect_to(agency_)(std::move(how));
  };
  EXPECT_EQ(run_submit(options_, connect, console_), ExitCode::kBadInput);
  EXPECT_TRUE(
      console_.has_said("almacenadas: 0 | rechazadas: 0 | desconocidas: 0 | no_enviadas: "
                        "25"));
  EXPECT_TRUE(console_.has_said("has changed while it was being read"));
  EXPECT_THAT(agency_.calls, ElementsAre("flush"));
}

TEST_F(SubmitCommandTest, InterruptedItSaysWhatIsStored) {
  options_.csv = folder_.write("bets.csv", lines(25));
  const auto connect = [this](client::Options how) {
    how.on_batch = [report = how.on_batch](const client::BatchResult& result) {
      report(result);
      if (result.first_bet == 1) {
        ::raise(SIGINT);
      }
    };
    return test::connect_to(agency_)(std::move(how));
  };
  options_.window = 1;  // so that the first batch is answered when the second is full
  EXPECT_EQ(run_submit(options_, connect, console_), ExitCode{128 + SIGINT});
  EXPECT_EQ(console_.said[0],
            "action: envio | result: fail | almacenadas: 21 | rechazadas: 0 | desconocidas: 0 | "
            "no_enviadas: 4 | duplicadas: 0");
}

TEST_F(SubmitCommandTest, FullStandardOutputIsAFailure) {
  console_.out.room = 3;
  EXPECT_EQ(submit(lines(5)), ExitCode::kFailure);
  EXPECT_TRUE(console_.has_said("cannot be written to standard output: No space left"));
}

}  // namespace
}  // namespace sorteo::cli
