#include "handlers/once_batch_handler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "core/version2_reply.hpp"
#include "tests/support/batch_bytes.hpp"
#include "tests/support/handler_harness.hpp"
#include "tests/support/mock_bet_store.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/version2_answers.hpp"

namespace sorteo {
namespace {

using test::ana;
using test::receipt_with;
using test::tiago;
using testing::_;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StrictMock;
using Line = test::RecordingLog::Line;

constexpr auto kOnceBatch = static_cast<std::uint8_t>(MessageType::kOnceBatch);

std::string packets(const std::vector<Bet>& bets) { return test::batch_bytes(0, bets).substr(4); }

class OnceBatchHandlerTest : public testing::Test {
 protected:
  std::uint64_t ask(const std::string& payload) {
    return harness_.ask(handler_, kOnceBatch, payload);
  }
  std::uint64_t ask(std::uint64_t sequence, const std::vector<Bet>& bets) {
    return ask(test::once_batch_bytes(7, session_, sequence, packets(bets)));
  }
  v2::ReceiptMessage receipt(std::uint64_t request) {
    return test::receipt_in(harness_.replies_to(request).at(0)).value();
  }
  v2::Error error(std::uint64_t request) {
    return test::error_in(harness_.replies_to(request).at(0)).value();
  }

  const SessionId session_ = test::session_of(0xA5);
  test::HandlerHarness harness_;
  StrictMock<test::MockBetStore> store_;
  test::RecordingLog log_;
  AgencyGate gate_;
  OnceBatchHandler handler_{store_, gate_, log_};
};

TEST_F(OnceBatchHandlerTest, StoresTheBatchUnderItsIdentity) {
  EXPECT_CALL(store_, append_once)
      .WillOnce([this](const IdentifiedBatch& batch, BetStore::ReceiptCompletion done) {
        EXPECT_EQ(batch.session, session_);
        EXPECT_EQ(batch.sequence, 41U);
        EXPECT_EQ(batch.agency, 7U);
        EXPECT_EQ(batch.bets, 2U);
        EXPECT_EQ(as_text(batch.content), packets({ana(), tiago()}));
        done({}, {.bets = 2, .durable = 41});
      });
  const auto request = ask(41, {ana(), tiago()});
  EXPECT_EQ(
      receipt(request),
      (v2::ReceiptMessage{.sequence = 41, .receipt = {.bets = 2, .durable = 41}, .sentence = {}}));
  EXPECT_THAT(log_.lines(), ElementsAre(Line{LogLevel::kInfo,
                                             "action: apuesta_recibida | result: success | "
                                             "cantidad: 2"}));
}

TEST_F(OnceBatchHandlerTest, AnswersOnlyWhenTheOutcomeIsDurable) {
  BetStore::ReceiptCompletion done;
  EXPECT_CALL(store_, append_once).WillOnce(test::keep_receipt(done));
  const auto request = ask(1, {ana()});
  EXPECT_THAT(harness_.replies(), IsEmpty());
  EXPECT_THAT(log_.texts(), IsEmpty());
  done({}, {.bets = 1, .durable = 1});
  EXPECT_EQ(receipt(request).receipt.bets, 1U);
}

TEST_F(OnceBatchHandlerTest, EmptyBatchTakesUpItsNumber) {
  EXPECT_CALL(store_, append_once)
      .WillOnce([](const IdentifiedBatch& batch, BetStore::ReceiptCompletion done) {
        EXPECT_EQ(batch.bets, 0U);
        done({}, {.durable = 1});
      });
  EXPECT_EQ(receipt(ask(1, {})).receipt.durable, 1U);
}

TEST_F(OnceBatchHandlerTest, DuplicateRepeatsTheOutcome) {
  const Receipt again{.is_duplicate = true, .bets = 1, .durable = 9};
  EXPECT_CALL(store_, append_once).WillOnce(receipt_with(again));
  EXPECT_EQ(receipt(ask(3, {ana()})).receipt, again);
  EXPECT_THAT(log_.texts(), ElementsAre("action: apuesta_recibida | result: success | cantidad: 1 "
                                        "| duplicada: 1"));
}

TEST_F(OnceBatchHandlerTest, BrokenBatchIsRefusedUnderItsIdentity) {
  Bet wrong = ana();
  wrong.birthdate = "1999-02-30";
  EXPECT_CALL(store_, append_once)
      .WillOnce([&](const IdentifiedBatch& batch, BetStore::ReceiptCompletion done) {
        EXPECT_EQ(batch.bets, std::nullopt);
        EXPECT_EQ(batch.sequence, 5U);
        EXPECT_EQ(as_text(batch.content), packets({ana(), tiago(), wrong}));
        done({}, {.outcome = BatchOutcome::kRefused, .durable = 5});
      });
  EXPECT_EQ(receipt(ask(5, {ana(), tiago(), wrong})),
            (v2::ReceiptMessage{.sequence = 5,
                                .receipt = {.outcome = BatchOutcome::kRefused, .durable = 5},
                                .code = v2::ErrorCode::kMalformed,
                                .sentence = "bet 3: birthdate \"1999-02-30\" is not a date"}));
  EXPECT_THAT(log_.lines(),
              ElementsAre(Line{LogLevel::kWarning,
                               "action: apuesta_recibida | result: fail | apuesta: 3 | error: a "
                               "field's value breaks its rule | ip: 127.0.0.1:40112"}));
}

TEST_F(OnceBatchHandlerTest, OriginalOutcomeCountsWhateverIsThoughtOfItNow) {
  const Receipt refused{.outcome = BatchOutcome::kRefused, .is_duplicate = true, .durable = 1};
  EXPECT_CALL(store_, append_once).WillOnce(receipt_with(refused));
  const auto good = receipt(ask(1, {ana()}));
  EXPECT_EQ(good.receipt, refused);
  EXPECT_EQ(good.sentence, "it was refused when it came first");
  const Receipt stored{.is_duplicate = true, .bets = 1, .durable = 1};
  EXPECT_CALL(store_, append_once).WillOnce(receipt_with(stored));
  const auto broken = receipt(ask(test::once_batch_bytes(7, session_, 1, "no packet")));
  EXPECT_EQ(broken.receipt, stored);
  EXPECT_EQ(broken.sentence, "");
}

TEST_F(OnceBatchHandlerTest, GapSaysWhichNumberIsExpected) {
  EXPECT_CALL(store_, append_once).WillOnce(receipt_with({.durable = 3}, StoreError::kSequenceGap));
  v2::Error wanted = v2::make_error(v2::ErrorCode::kSequenceGap, kOnceBatch,
                                    make_error_code(StoreError::kSequenceGap).message());
  wanted.expected = 4;
  EXPECT_EQ(error(ask(9, {ana()})), wanted);
}

TEST_F(OnceBatchHandlerTest, EveryRefusalOfTheStoreIsAnErrorOfItsOwn) {
  for (const auto& [failure, code] :
       {std::pair(StoreError::kFull, v2::ErrorCode::kStorageFull),
        std::pair(StoreError::kFailed, v2::ErrorCode::kStorageFailed),
        std::pair(StoreError::kClosed, v2::ErrorCode::kClosing),
        std::pair(StoreError::kAgencyFinished, v2::ErrorCode::kAgencyFinished),
        std::pair(StoreError::kDrawHeld, v2::ErrorCode::kDrawHeld),
        std::pair(StoreError::kTooLarge, v2::ErrorCode::kTooLarge),
        std::pair(StoreError::kBusy, v2::ErrorCode::kBusy),
        std::pair(StoreError::kConflict, v2::ErrorCode::kConflict)}) {
    EXPECT_CALL(store_, append_once).WillOnce(receipt_with({.durable = 3}, failure));
    EXPECT_EQ(error(ask(4, {ana()})),
              v2::make_error(code, kOnceBatch, make_error_code(failure).message()));
  }
  EXPECT_TRUE(
      log_.contains("action: apuesta_recibida | result: fail | cantidad: 1 | agencia: 7 | "
                    "error: storage full, try later"));
}

TEST_F(OnceBatchHandlerTest, PayloadTooShortForAnIdentityIsMalformed) {
  EXPECT_CALL(store_, append_once).Times(0);
  for (const std::size_t size : {0U, 4U, 27U}) {
    EXPECT_EQ(error(ask(std::string(size, 'x'))).code, v2::ErrorCode::kMalformed);
  }
}

TEST_F(OnceBatchHandlerTest, SequenceZeroIsMalformedAndNamed) {
  EXPECT_CALL(store_, append_once).Times(0);
  const auto answer = error(ask(std::string(v2::kOnceBatchHeaderBytes, '\0')));
  EXPECT_EQ(answer.code, v2::ErrorCode::kMalformed);
  EXPECT_EQ(answer.sentence,
            "the sequence numbers of a session begin with 1; this OnceBatch has 0");
}

TEST_F(OnceBatchHandlerTest, StoreThatForgetsToCallBackIsAnsweredInternal) {
  EXPECT_CALL(store_, append_once)
      .WillOnce([](const IdentifiedBatch&, BetStore::ReceiptCompletion) {});
  ask(1, {ana()});
  EXPECT_THAT(harness_.replies(), ElementsAre(internal_reply(kOnceBatch)));
}

TEST_F(OnceBatchHandlerTest, NothingOfACustomerIsLogged) {
  EXPECT_CALL(store_, append_once).WillRepeatedly(receipt_with({.bets = 1, .durable = 1}));
  ask(1, {ana()});
  Bet wrong = ana();
  wrong.document += "x";
  ask(2, {wrong});
  for (const char* secret : {"Ana", "Paz", "30904465", "1999"}) {
    EXPECT_FALSE(log_.contains(secret)) << secret;
  }
}

}  // namespace
}  // namespace sorteo
