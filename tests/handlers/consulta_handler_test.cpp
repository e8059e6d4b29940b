#include "handlers/consulta_handler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/batch_bytes.hpp"
#include "tests/support/handler_harness.hpp"
#include "tests/support/manual_background.hpp"
#include "tests/support/mock_bet_store.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo {
namespace {

using test::agency_bytes;
using test::complete_with;
using test::drop_completion;
using test::keep_completion;
using testing::_;
using testing::ElementsAre;
using testing::InSequence;
using testing::IsEmpty;
using testing::NiceMock;

constexpr std::uint8_t kConsulta = 2;

// Two agencies, as the draw waits for; agency 1 has two winners, and agency 2 none.
class ConsultaHandlerTest : public testing::Test {
 protected:
  ConsultaHandlerTest() {
    ON_CALL(store_, record_finish).WillByDefault(complete_with());
    ON_CALL(store_, record_draw).WillByDefault(complete_with());
    ON_CALL(store_, visit).WillByDefault([](BatchVisitor& visitor) {
      const std::string bytes =
          test::batch_bytes(1, {{"Ana", "Paz", "30904465", "1999-03-17", "7574"},
                                {"Eva", "Sosa", "24807259", "1980-01-01", "7574"}});
      visitor.visit(*decode_batch(as_bytes(bytes)));
      return std::nullopt;
    });
  }

  std::uint64_t ask(std::uint32_t agency) {
    return harness_.ask(handler_, kConsulta, agency_bytes(agency));
  }

  std::vector<Reply> answer_to(std::uint32_t agency) { return harness_.replies_to(ask(agency)); }

  void hold_the_draw() {
    ask(1);
    ask(2);
    background_.run();
  }

  test::HandlerHarness harness_;
  NiceMock<test::MockBetStore> store_;
  test::ManualBackground background_;
  test::RecordingLog log_{LogLevel::kInfo};
  AgencyGate gate_;
  Draw draw_{{.agencies = 2, .winning_number = 7574}, store_, background_.runner(), log_};
  ConsultaHandler handler_{store_, draw_, gate_, log_};
};

using Line = test::RecordingLog::Line;

const std::vector<std::uint32_t> kWinners = {30904465, 24807259};

TEST_F(ConsultaHandlerTest, FirstConsultaRecordsTheFinishAndAnswersWait) {
  EXPECT_CALL(store_, record_finish(5, _)).WillOnce(complete_with());
  EXPECT_THAT(answer_to(5), ElementsAre(wait_reply()));
  EXPECT_TRUE(draw_.has_finished(5));
  EXPECT_THAT(log_.lines(),
              ElementsAre(Line{LogLevel::kInfo,
                               "action: consulta_ganadores | result: in_progress | agencia: 5"}));
}

TEST_F(ConsultaHandlerTest, AnswersOnlyAfterTheFinishIsRecorded) {
  BetStore::Completion done;
  EXPECT_CALL(store_, record_finish).WillOnce(keep_completion(done));
  ask(1);
  EXPECT_THAT(harness_.replies(), IsEmpty());
  EXPECT_FALSE(draw_.has_finished(1));
  done({});
  EXPECT_TRUE(draw_.has_finished(1));
  EXPECT_THAT(harness_.replies(), ElementsAre(wait_reply()));
}

TEST_F(ConsultaHandlerTest, RecordsTheFinishBeforeTheDraw) {
  const InSequence sequence;
  EXPECT_CALL(store_, record_finish(1, _)).WillOnce(complete_with());
  EXPECT_CALL(store_, record_finish(2, _)).WillOnce(complete_with());
  EXPECT_CALL(store_, record_draw(7574, _)).WillOnce(complete_with());
  EXPECT_CALL(store_, visit);
  hold_the_draw();
}

TEST_F(ConsultaHandlerTest, RecordsTheFinishOfAnAgencyOnce) {
  EXPECT_CALL(store_, record_finish(1, _)).Times(1).WillOnce(complete_with());
  ask(1);
  EXPECT_THAT(answer_to(1), ElementsAre(wait_reply()));
  EXPECT_THAT(answer_to(1), ElementsAre(wait_reply()));
}

TEST_F(ConsultaHandlerTest, AnswersWaitWhileTheWinnersAreComputed) {
  ask(1);
  EXPECT_THAT(answer_to(2), ElementsAre(wait_reply()));
  EXPECT_THAT(answer_to(1), ElementsAre(wait_reply()));
  background_.run();
  EXPECT_THAT(answer_to(1), ElementsAre(winners_reply(kWinners)));
}

TEST_F(ConsultaHandlerTest, TellsEachAgencyItsOwnWinners) {
  hold_the_draw();
  EXPECT_THAT(answer_to(1), ElementsAre(winners_reply(kWinners)));
  EXPECT_THAT(answer_to(2), ElementsAre(winners_reply({})));
}

TEST_F(ConsultaHandlerTest, TellsAnAgencyThatCameAfterTheDrawThatNobodyWon) {
  hold_the_draw();
  EXPECT_CALL(store_, record_finish(3, _)).WillOnce(complete_with());
  EXPECT_THAT(answer_to(3), ElementsAre(winners_reply({})));
}

TEST_F(ConsultaHandlerTest, LogsHowManyWon) {
  hold_the_draw();
  ask(1);
  EXPECT_EQ(
      log_.lines().back(),
      (Line{LogLevel::kInfo, "action: consulta_ganadores | result: success | cant_ganadores: 2"}));
  ask(2);
  EXPECT_EQ(
      log_.lines().back(),
      (Line{LogLevel::kInfo, "action: consulta_ganadores | result: success | cant_ganadores: 0"}));
}

TEST_F(ConsultaHandlerTest, FinishThatIsNotRecordedIsAnsweredWaitAndTriedAgain) {
  EXPECT_CALL(store_, record_finish(1, _))
      .WillOnce(complete_with(StoreError::kFull))
      .WillOnce(complete_with());
  EXPECT_THAT(answer_to(1), ElementsAre(wait_reply()));
  EXPECT_FALSE(draw_.has_finished(1));
  EXPECT_THAT(log_.lines(),
              ElementsAre(Line{LogLevel::kWarning,
                               "action: consulta_ganadores | result: fail | agencia: 1 | error: "
                               "storage full, try later"}));
  EXPECT_THAT(answer_to(1), ElementsAre(wait_reply()));
  EXPECT_TRUE(draw_.has_finished(1));
}

TEST_F(ConsultaHandlerTest, EachQuestionSetsOffADrawThatFailed) {
  EXPECT_CALL(store_, record_draw)
      .WillOnce(complete_with(StoreError::kFull))
      .WillOnce(complete_with());
  hold_the_draw();
  EXPECT_THAT(answer_to(1), ElementsAre(wait_reply()));
  background_.run();
  EXPECT_THAT(answer_to(1), ElementsAre(winners_reply(kWinners)));
}

TEST_F(ConsultaHandlerTest, StoreMayAnswerFromAnotherThread) {
  std::thread storing;
  EXPECT_CALL(store_, record_finish).WillOnce([&storing](std::uint32_t, BetStore::Completion done) {
    storing = std::thread([done = std::move(done)]() mutable { done({}); });
  });
  ask(1);
  storing.join();
  EXPECT_THAT(harness_.replies(), ElementsAre(wait_reply()));
  EXPECT_TRUE(draw_.has_finished(1));
}

TEST_F(ConsultaHandlerTest, TwoQuestionsOfAnAgencyAtOnceAreBothAnswered) {
  BetStore::Completion first;
  BetStore::Completion second;
  EXPECT_CALL(store_, record_finish(1, _))
      .WillOnce(keep_completion(first))
      .WillOnce(keep_completion(second));
  const auto request1 = ask(1);
  const auto request2 = ask(1);
  first({});
  second({});
  EXPECT_THAT(harness_.replies_to(request1), ElementsAre(wait_reply()));
  EXPECT_THAT(harness_.replies_to(request2), ElementsAre(wait_reply()));
}

TEST_F(ConsultaHandlerTest, StoreThatForgetsToCallBackIsAnsweredInternal) {
  EXPECT_CALL(store_, record_finish).WillOnce(drop_completion());
  EXPECT_THAT(answer_to(1), ElementsAre(error_reply("INTERNAL")));
  EXPECT_FALSE(draw_.has_finished(1));
}

TEST_F(ConsultaHandlerTest, PayloadOfAnotherSizeIsRefused) {
  EXPECT_CALL(store_, record_finish).Times(0);
  for (const std::size_t size : {0U, 1U, 3U, 5U, 8U}) {
    const auto request = harness_.ask(handler_, kConsulta, std::string(size, '\0'));
    EXPECT_THAT(harness_.replies_to(request),
                ElementsAre(error_reply("a Consulta holds an agency in 4 bytes, not " +
                                        std::to_string(size))));
  }
  EXPECT_EQ(log_.lines().front(),
            (Line{LogLevel::kWarning,
                  "action: consulta_ganadores | result: fail | error: a Consulta holds an agency "
                  "in 4 bytes, not 0 | ip: 127.0.0.1:40112"}));
}

TEST_F(ConsultaHandlerTest, NothingOfACustomerIsLogged) {
  hold_the_draw();
  ask(1);
  EXPECT_FALSE(log_.contains("30904465"));
  EXPECT_FALSE(log_.contains("24807259"));
}

TEST_F(ConsultaHandlerTest, AgencyThatHadFinishedBeforeTheStartIsNotRecordedAgain) {
  StoreState recovered;
  recovered.finished = {1};
  NiceMock<test::MockBetStore> store;
  ON_CALL(store, recovered).WillByDefault(testing::ReturnRef(recovered));
  EXPECT_CALL(store, record_finish).Times(0);
  Draw draw({.agencies = 2, .winning_number = 7574}, store, background_.runner(), log_);
  ConsultaHandler handler(store, draw, gate_, log_);
  harness_.ask(handler, kConsulta, agency_bytes(1));
  EXPECT_THAT(harness_.replies(), ElementsAre(wait_reply()));
}

}  // namespace
}  // namespace sorteo
