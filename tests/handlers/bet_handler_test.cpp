#include "handlers/bet_handler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>

#include "tests/support/batch_bytes.hpp"
#include "tests/support/handler_harness.hpp"
#include "tests/support/mock_bet_store.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo {
namespace {

using test::ana;
using test::bet_bytes;
using test::complete_with;
using test::drop_completion;
using test::keep_completion;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StrictMock;

constexpr std::uint8_t kBet = 0;

class BetHandlerTest : public testing::Test {
 protected:
  std::uint64_t ask(const std::string& payload) { return harness_.ask(handler_, kBet, payload); }

  test::HandlerHarness harness_;
  StrictMock<test::MockBetStore> store_;
  test::RecordingLog log_{LogLevel::kInfo};
  AgencyGate gate_;
  BetHandler handler_{store_, gate_, log_};
};

using Line = test::RecordingLog::Line;

TEST_F(BetHandlerTest, StoresABatchOfOneOfAgencyZeroAndAnswersOk) {
  EXPECT_CALL(store_, append).WillOnce([](const Batch& batch, BetStore::Completion done) {
    EXPECT_EQ(batch.agency(), 0U);
    EXPECT_EQ(batch.size(), 1U);
    EXPECT_THAT(test::bets_of(batch), ElementsAre(ana()));
    done({});
  });
  ask(bet_bytes(ana()));
  EXPECT_THAT(harness_.replies(), ElementsAre(ok_reply()));
}

TEST_F(BetHandlerTest, WhatIsStoredIsABatchThatDecodes) {
  EXPECT_CALL(store_, append).WillOnce([](const Batch& batch, BetStore::Completion done) {
    std::string payload = test::agency_bytes(batch.agency());
    payload += as_text(batch.packets());
    EXPECT_TRUE(decode_batch(as_bytes(payload)).has_value());
    done({});
  });
  ask(test::field_bytes(
      {{5, "007574"}, {4, "1999-03-17"}, {3, "30904465"}, {2, "Paz"}, {1, "Ana"}}));
}

TEST_F(BetHandlerTest, AnswersOnlyAfterTheBetIsStored) {
  BetStore::Completion done;
  EXPECT_CALL(store_, append).WillOnce(keep_completion(done));
  ask(bet_bytes(ana()));
  EXPECT_THAT(harness_.replies(), IsEmpty());
  done({});
  EXPECT_THAT(harness_.replies(), ElementsAre(ok_reply()));
}

TEST_F(BetHandlerTest, KeepsTheDocumentOutOfTheLog) {
  EXPECT_CALL(store_, append).WillOnce(complete_with());
  ask(bet_bytes(ana()));
  EXPECT_THAT(
      log_.lines(),
      ElementsAre(Line{LogLevel::kInfo,
                       "action: apuesta_almacenada | result: success | dni: - | numero: 7574"}));
}

TEST_F(BetHandlerTest, LogsTheDocumentAtDebugLevelOnly) {
  test::RecordingLog debug(LogLevel::kDebug);
  BetHandler handler(store_, gate_, debug);
  EXPECT_CALL(store_, append).WillOnce(complete_with());
  harness_.ask(handler, kBet, bet_bytes(ana()));
  EXPECT_THAT(debug.lines(),
              ElementsAre(Line{
                  LogLevel::kDebug,
                  "action: apuesta_almacenada | result: success | dni: 30904465 | numero: 7574"}));
}

TEST_F(BetHandlerTest, WritesNoLineThatIsNotWanted) {
  test::RecordingLog warnings(LogLevel::kWarning);
  BetHandler handler(store_, gate_, warnings);
  EXPECT_CALL(store_, append).WillOnce(complete_with());
  harness_.ask(handler, kBet, bet_bytes(ana()));
  EXPECT_THAT(warnings.texts(), IsEmpty());
}

TEST_F(BetHandlerTest, MalformedBetIsRefusedAndNotStored) {
  EXPECT_CALL(store_, append).Times(0);
  Bet wrong = ana();
  wrong.document = "30.904.465";
  ask(bet_bytes(wrong));
  EXPECT_THAT(harness_.replies(),
              ElementsAre(error_reply("bet 1: document \"30.904.465\" is not a decimal number")));
  EXPECT_THAT(log_.lines(),
              ElementsAre(Line{LogLevel::kWarning,
                               "action: apuesta_almacenada | result: fail | apuesta: 1 | error: a "
                               "field's value breaks its rule | ip: 127.0.0.1:40112"}));
}

TEST_F(BetHandlerTest, StoreThatFailsIsToldToThePeer) {
  EXPECT_CALL(store_, append).WillOnce(complete_with(StoreError::kDrawHeld));
  ask(bet_bytes(ana()));
  EXPECT_THAT(harness_.replies(), ElementsAre(error_reply("the draw has been held")));
  EXPECT_THAT(log_.lines(),
              ElementsAre(Line{
                  LogLevel::kWarning,
                  "action: apuesta_almacenada | result: fail | error: the draw has been held"}));
}

TEST_F(BetHandlerTest, StoreMayAnswerFromAnotherThread) {
  std::thread storing;
  EXPECT_CALL(store_, append).WillOnce([&storing](const Batch&, BetStore::Completion done) {
    storing = std::thread([done = std::move(done)]() mutable { done({}); });
  });
  ask(bet_bytes(ana()));
  storing.join();
  EXPECT_THAT(harness_.replies(), ElementsAre(ok_reply()));
}

TEST_F(BetHandlerTest, StoreThatForgetsToCallBackIsAnsweredInternal) {
  EXPECT_CALL(store_, append).WillOnce(drop_completion());
  ask(bet_bytes(ana()));
  EXPECT_THAT(harness_.replies(), ElementsAre(error_reply("INTERNAL")));
}

TEST_F(BetHandlerTest, NothingOfACustomerIsLoggedAtInfo) {
  EXPECT_CALL(store_, append).WillOnce(complete_with()).WillOnce(complete_with(StoreError::kFull));
  ask(bet_bytes(ana()));
  ask(bet_bytes(ana()));
  for (const auto field : {&Bet::first_name, &Bet::last_name, &Bet::document, &Bet::birthdate}) {
    Bet wrong = ana();
    wrong.*field += "\n";
    ask(bet_bytes(wrong));
  }
  EXPECT_EQ(log_.lines().size(), 6U);
  for (const char* secret : {"Ana", "Paz", "30904465", "1999"}) {
    EXPECT_FALSE(log_.contains(secret)) << secret;
  }
}

}  // namespace
}  // namespace sorteo
