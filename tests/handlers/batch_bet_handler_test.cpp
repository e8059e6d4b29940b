#include "handlers/batch_bet_handler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/batch_bytes.hpp"
#include "tests/support/handler_harness.hpp"
#include "tests/support/mock_bet_store.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo {
namespace {

using test::ana;
using test::batch_bytes;
using test::complete_with;
using test::drop_completion;
using test::keep_completion;
using test::tiago;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StrictMock;

constexpr std::uint8_t kBatchBet = 1;

class BatchBetHandlerTest : public testing::Test {
 protected:
  std::uint64_t ask(const std::string& payload) {
    return harness_.ask(handler_, kBatchBet, payload);
  }

  test::HandlerHarness harness_;
  StrictMock<test::MockBetStore> store_;
  test::RecordingLog log_;
  AgencyGate gate_;
  BatchBetHandler handler_{store_, gate_, log_};
};

using Line = test::RecordingLog::Line;

TEST_F(BatchBetHandlerTest, StoresTheBatchAndAnswersOk) {
  EXPECT_CALL(store_, append).WillOnce([](const Batch& batch, BetStore::Completion done) {
    EXPECT_EQ(batch.agency(), 7U);
    EXPECT_EQ(batch.size(), 2U);
    EXPECT_THAT(test::bets_of(batch), ElementsAre(ana(), tiago()));
    done({});
  });
  ask(batch_bytes(7, {ana(), tiago()}));
  EXPECT_THAT(harness_.replies(), ElementsAre(ok_reply()));
}

TEST_F(BatchBetHandlerTest, AnswersOnlyAfterTheBatchIsStored) {
  BetStore::Completion done;
  EXPECT_CALL(store_, append).WillOnce(keep_completion(done));
  ask(batch_bytes(1, {ana()}));
  EXPECT_THAT(harness_.replies(), IsEmpty());
  EXPECT_THAT(log_.texts(), IsEmpty());
  done({});
  EXPECT_THAT(harness_.replies(), ElementsAre(ok_reply()));
}

TEST_F(BatchBetHandlerTest, LogsHowManyBetsWereStored) {
  EXPECT_CALL(store_, append).WillRepeatedly(complete_with());
  ask(batch_bytes(1, test::many_bets(100)));
  ask(batch_bytes(1, {}));
  EXPECT_THAT(
      log_.lines(),
      ElementsAre(
          Line{LogLevel::kInfo, "action: apuesta_recibida | result: success | cantidad: 100"},
          Line{LogLevel::kInfo, "action: apuesta_recibida | result: success | cantidad: 0"}));
}

TEST_F(BatchBetHandlerTest, MalformedBatchIsRefusedAndNotStored) {
  EXPECT_CALL(store_, append).Times(0);
  Bet wrong = ana();
  wrong.birthdate = "1999-02-30";
  ask(batch_bytes(1, {ana(), tiago(), wrong}));
  EXPECT_THAT(harness_.replies(),
              ElementsAre(error_reply("bet 3: birthdate \"1999-02-30\" is not a date")));
  EXPECT_THAT(log_.lines(),
              ElementsAre(Line{LogLevel::kWarning,
                               "action: apuesta_recibida | result: fail | apuesta: 3 | error: a "
                               "field's value breaks its rule | ip: 127.0.0.1:40112"}));
}

TEST_F(BatchBetHandlerTest, BatchWithoutAgencyIsRefused) {
  EXPECT_CALL(store_, append).Times(0);
  ask("abc");
  EXPECT_THAT(harness_.replies(),
              ElementsAre(error_reply("batch: the agency is missing: the payload has 3 bytes")));
  EXPECT_THAT(log_.texts(),
              ElementsAre("action: apuesta_recibida | result: fail | error: the batch is too short "
                          "to hold its agency | ip: 127.0.0.1:40112"));
}

TEST_F(BatchBetHandlerTest, StoreThatFailsIsToldToThePeer) {
  EXPECT_CALL(store_, append).WillOnce(complete_with(StoreError::kFull));
  ask(batch_bytes(7, {ana(), tiago()}));
  EXPECT_THAT(harness_.replies(), ElementsAre(error_reply("storage full, try later")));
  EXPECT_THAT(log_.lines(),
              ElementsAre(Line{LogLevel::kWarning,
                               "action: apuesta_recibida | result: fail | cantidad: 2 | agencia: 7 "
                               "| error: storage full, try later"}));
}

TEST_F(BatchBetHandlerTest, EveryRefusalOfTheStoreIsAnError) {
  for (const StoreError error :
       {StoreError::kFull, StoreError::kFailed, StoreError::kClosed, StoreError::kAgencyFinished,
        StoreError::kDrawHeld, StoreError::kTooLarge, StoreError::kBusy}) {
    EXPECT_CALL(store_, append).WillOnce(complete_with(error));
    const auto request = ask(batch_bytes(1, {ana()}));
    EXPECT_THAT(harness_.replies_to(request),
                ElementsAre(error_reply(make_error_code(error).message())));
  }
}

TEST_F(BatchBetHandlerTest, TheNextBatchAfterARefusedOneIsStored) {
  EXPECT_CALL(store_, append).WillOnce(complete_with());
  ask("");
  const auto request = ask(batch_bytes(1, {ana()}));
  EXPECT_THAT(harness_.replies_to(request), ElementsAre(ok_reply()));
}

TEST_F(BatchBetHandlerTest, StoreMayAnswerFromAnotherThread) {
  std::thread storing;
  EXPECT_CALL(store_, append).WillOnce([&storing](const Batch&, BetStore::Completion done) {
    storing = std::thread([done = std::move(done)]() mutable { done({}); });
  });
  ask(batch_bytes(1, {ana()}));
  storing.join();
  EXPECT_THAT(harness_.replies(), ElementsAre(ok_reply()));
}

TEST_F(BatchBetHandlerTest, RequestsInFlightAreAnsweredEachOnItsOwn) {
  BetStore::Completion first;
  BetStore::Completion second;
  EXPECT_CALL(store_, append).WillOnce(keep_completion(first)).WillOnce(keep_completion(second));
  const auto request1 = ask(batch_bytes(1, {ana()}));
  const auto request2 = ask(batch_bytes(1, {tiago()}));
  second(StoreError::kClosed);
  EXPECT_THAT(harness_.replies_to(request1), IsEmpty());
  first({});
  EXPECT_THAT(harness_.replies_to(request1), ElementsAre(ok_reply()));
  EXPECT_THAT(harness_.replies_to(request2),
              ElementsAre(error_reply("storage is closing, try later")));
}

TEST_F(BatchBetHandlerTest, StoreThatForgetsToCallBackIsAnsweredInternal) {
  EXPECT_CALL(store_, append).WillOnce(drop_completion());
  ask(batch_bytes(1, {ana()}));
  EXPECT_THAT(harness_.replies(), ElementsAre(error_reply("INTERNAL")));
}

TEST_F(BatchBetHandlerTest, StoreThatThrowsIsAnsweredInternal) {
  EXPECT_CALL(store_, append).WillOnce(testing::Throw(std::bad_alloc()));
  EXPECT_THROW(ask(batch_bytes(1, {ana()})), std::bad_alloc);
  EXPECT_THAT(harness_.replies(), ElementsAre(error_reply("INTERNAL")));
}

TEST_F(BatchBetHandlerTest, NothingOfACustomerIsLogged) {
  EXPECT_CALL(store_, append)
      .WillOnce(complete_with())
      .WillOnce(complete_with(StoreError::kDrawHeld));
  ask(batch_bytes(1, {ana()}));
  ask(batch_bytes(1, {ana()}));
  for (const auto field : {&Bet::first_name, &Bet::last_name, &Bet::document, &Bet::birthdate}) {
    Bet wrong = ana();
    wrong.*field += "\n";
    ask(batch_bytes(1, {wrong}));
  }
  EXPECT_EQ(log_.lines().size(), 6U);
  for (const char* secret : {"Ana", "Paz", "30904465", "1999"}) {
    EXPECT_FALSE(log_.contains(secret)) << secret;
  }
}

TEST_F(BatchBetHandlerTest, WritesNoLineThatIsNotWanted) {
  EXPECT_CALL(store_, append).WillOnce(complete_with());
  test::RecordingLog errors_only(LogLevel::kError);
  BatchBetHandler handler(store_, gate_, errors_only);
  harness_.ask(handler, kBatchBet, batch_bytes(1, {ana()}));
  harness_.ask(handler, kBatchBet, "");
  EXPECT_THAT(errors_only.texts(), IsEmpty());
  EXPECT_EQ(harness_.replies().size(), 2U);
}

}  // namespace
}  // namespace sorteo
