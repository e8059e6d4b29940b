#include "examples/handler/bet_count_handler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>

#include "core/store_error.hpp"
#include "core/version2_reply.hpp"
#include "tests/support/handler_harness.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo::example {
namespace {

using namespace std::string_literals;
using testing::_;
using testing::ElementsAre;
using testing::IsEmpty;

class MockBetCounter : public BetCounter {
 public:
  MOCK_METHOD(void, count, (std::uint32_t agency, Completion done), (override));
};

class BetCountHandlerTest : public testing::Test {
 protected:
  void ask(const std::string& payload) { harness_.ask(handler_, kBetCount, payload); }

  test::HandlerHarness harness_;
  test::RecordingLog log_;
  testing::StrictMock<MockBetCounter> counter_;
  BetCountHandler handler_{counter_, log_};
};

const Reply k258Bets{Reply::Envelope::kMessage, 0x80, "\0\0\0\0\0\0\x01\x02"s};

TEST_F(BetCountHandlerTest, AnswersWhatTheCounterSays) {
  EXPECT_CALL(counter_, count(7, _)).WillOnce([](std::uint32_t, BetCounter::Completion done) {
    done(258);
  });
  ask("\0\0\0\x07"s);
  EXPECT_THAT(harness_.replies(), ElementsAre(k258Bets));
}

TEST_F(BetCountHandlerTest, AnswersLaterAndFromAnotherThread) {
  BetCounter::Completion later;
  EXPECT_CALL(counter_, count).WillOnce([&](std::uint32_t, BetCounter::Completion done) {
    later = std::move(done);
  });
  ask("\0\0\0\x07"s);
  EXPECT_THAT(harness_.replies(), IsEmpty());
  std::thread([&] { later(258); }).join();
  EXPECT_THAT(harness_.replies(), ElementsAre(k258Bets));
}

TEST_F(BetCountHandlerTest, CounterThatFailsIsToldToThePeer) {
  EXPECT_CALL(counter_, count).WillOnce([](std::uint32_t, BetCounter::Completion done) {
    done(make_error_code(StoreError::kDamaged));
  });
  ask("\0\0\0\x07"s);
  EXPECT_THAT(harness_.replies(), ElementsAre(v2::error_reply(v2::ErrorCode::kInternal, kBetCount,
                                                              "storage is damaged")));
  EXPECT_THAT(log_.texts(), ElementsAre("action: cantidad_apuestas | result: fail | agencia: 7 | "
                                        "error: storage is damaged"));
}

TEST_F(BetCountHandlerTest, CounterThatNeverCallsBackIsAnsweredInternal) {
  EXPECT_CALL(counter_, count).WillOnce([](std::uint32_t, BetCounter::Completion) {});
  ask("\0\0\0\x07"s);
  EXPECT_THAT(harness_.replies(), ElementsAre(internal_reply(kBetCount)));
}

TEST_F(BetCountHandlerTest, PayloadOfAnotherSizeIsRefused) {
  EXPECT_CALL(counter_, count).Times(0);
  ask("\0\0\0"s);
  EXPECT_THAT(harness_.replies(),
              ElementsAre(v2::error_reply(v2::ErrorCode::kMalformed, kBetCount,
                                          "a BetCount holds an agency in 4 bytes, not 3")));
}

}  // namespace
}  // namespace sorteo::example
