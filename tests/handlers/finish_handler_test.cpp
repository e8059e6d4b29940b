#include "handlers/finish_handler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "core/version2_reply.hpp"
#include "tests/support/handler_harness.hpp"
#include "tests/support/manual_background.hpp"
#include "tests/support/mock_bet_store.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/version2_answers.hpp"

namespace sorteo {
namespace {

using testing::_;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::NiceMock;

constexpr auto kFinish = static_cast<std::uint8_t>(MessageType::kFinish);

auto count_with(std::uint64_t bets, boost::system::error_code error = {}) {
  return [bets, error](std::uint32_t, std::uint64_t, BetStore::CountCompletion done) {
    done(error, bets);
  };
}

class FinishHandlerTest : public testing::Test {
 protected:
  FinishHandlerTest() { ON_CALL(store_, record_draw).WillByDefault(test::complete_with()); }

  std::uint64_t ask(const v2::Finish& finish) {
    return harness_.ask(handler_, kFinish, v2::encode(finish));
  }

  test::HandlerHarness harness_;
  NiceMock<test::MockBetStore> store_;
  test::RecordingLog log_;
  AgencyGate gate_;
  test::ManualBackground background_;
  Draw draw_{{.agencies = 2, .winning_number = 7574}, store_, background_.runner(), log_};
  FinishHandler handler_{store_, draw_, gate_, log_};
  const Reply finished_ = v2::message_reply(MessageType::kFinished, v2::encode_finished(300));
};

TEST_F(FinishHandlerTest, RecordsTheFinishAndAnswersHowManyAreStored) {
  EXPECT_CALL(store_, record_counted_finish(7, 300, _)).WillOnce(count_with(300));
  ask({7, 300});
  EXPECT_THAT(harness_.replies(), ElementsAre(finished_));
  EXPECT_TRUE(draw_.has_finished(7));
  EXPECT_THAT(log_.texts(), ElementsAre("action: agencia_finalizada | result: success | agencia: 7 "
                                        "| cantidad: 300"));
}

TEST_F(FinishHandlerTest, AnswersOnlyWhenItIsRecorded) {
  BetStore::CountCompletion done;
  EXPECT_CALL(store_, record_counted_finish)
      .WillOnce([&](std::uint32_t, std::uint64_t, BetStore::CountCompletion given) {
        done = std::move(given);
      });
  ask({7, 300});
  EXPECT_THAT(harness_.replies(), IsEmpty());
  EXPECT_FALSE(draw_.has_finished(7));
  done({}, 300);
  EXPECT_THAT(harness_.replies(), ElementsAre(finished_));
}

TEST_F(FinishHandlerTest, LastAgencySetsOffTheDraw) {
  EXPECT_CALL(store_, record_counted_finish).WillRepeatedly(count_with(300));
  ask({7, 300});
  EXPECT_FALSE(draw_.is_recorded());
  ask({8, 300});
  EXPECT_TRUE(draw_.is_recorded());
}

TEST_F(FinishHandlerTest, AnotherNumberIsRefusedWithBoth) {
  EXPECT_CALL(store_, record_counted_finish).WillOnce(count_with(299, StoreError::kCountMismatch));
  ask({7, 300});
  v2::Error wanted = v2::make_error(v2::ErrorCode::kCountMismatch, kFinish,
                                    "299 bets of agency 7 are stored, not 300");
  wanted.stored = 299;
  wanted.claimed = 300;
  EXPECT_THAT(harness_.replies(), ElementsAre(v2::error_reply(wanted)));
  EXPECT_FALSE(draw_.has_finished(7));
  EXPECT_TRUE(
      log_.contains("action: agencia_finalizada | result: fail | agencia: 7 | declaradas: "
                    "300 | almacenadas: 299 | error: "));
}

TEST_F(FinishHandlerTest, EveryFailureOfTheStoreIsAnErrorThatSaysSo) {
  for (const auto& [error, code] : {std::pair(StoreError::kFull, v2::ErrorCode::kStorageFull),
                                    std::pair(StoreError::kBusy, v2::ErrorCode::kBusy),
                                    std::pair(StoreError::kFailed, v2::ErrorCode::kStorageFailed),
                                    std::pair(StoreError::kClosed, v2::ErrorCode::kClosing)}) {
    EXPECT_CALL(store_, record_counted_finish).WillOnce(count_with(0, error));
    const auto answer = test::error_in(harness_.replies_to(ask({7, 300})).at(0));
    EXPECT_EQ(answer, v2::make_error(code, kFinish, make_error_code(error).message()));
    EXPECT_FALSE(draw_.has_finished(7));
  }
}

TEST_F(FinishHandlerTest, PayloadOfAnotherSizeIsMalformed) {
  EXPECT_CALL(store_, record_counted_finish).Times(0);
  for (const std::size_t size : {0U, 11U, 13U}) {
    const auto request = harness_.ask(handler_, kFinish, std::string(size, 'x'));
    const auto error = test::error_in(harness_.replies_to(request).at(0));
    ASSERT_TRUE(error.has_value());
    EXPECT_EQ(error->code, v2::ErrorCode::kMalformed);
  }
}

TEST_F(FinishHandlerTest, StoreThatForgetsToCallBackIsAnsweredInternal) {
  EXPECT_CALL(store_, record_counted_finish)
      .WillOnce([](std::uint32_t, std::uint64_t, BetStore::CountCompletion) {});
  ask({7, 300});
  EXPECT_THAT(harness_.replies(), ElementsAre(internal_reply(kFinish)));
}

}  // namespace
}  // namespace sorteo
