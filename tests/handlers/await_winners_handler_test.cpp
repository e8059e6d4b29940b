#include "handlers/await_winners_handler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/version2_reply.hpp"
#include "tests/support/handler_harness.hpp"
#include "tests/support/manual_background.hpp"
#include "tests/support/mock_bet_store.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/version2_answers.hpp"

namespace sorteo {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::NiceMock;

constexpr auto kAwaitWinners = static_cast<std::uint8_t>(MessageType::kAwaitWinners);

class AwaitWinnersHandlerTest : public testing::Test {
 protected:
  AwaitWinnersHandlerTest() {
    ON_CALL(store_, record_draw).WillByDefault(test::complete_with());
    draw_.on_held([this] { room_.release(); });
  }

  std::uint64_t ask(std::uint32_t agency, std::uint32_t wait_ms) {
    return harness_.ask(handler_, kAwaitWinners, v2::encode(v2::AwaitWinners{agency, wait_ms}));
  }

  test::HandlerHarness harness_;
  NiceMock<test::MockBetStore> store_;
  test::RecordingLog log_;
  AgencyGate gate_;
  test::ManualBackground background_;
  Draw draw_{{.agencies = 1, .winning_number = 7574}, store_, background_.runner(), log_};
  WaitingRoom room_{{}, draw_, log_};
  WaitingRoom::Clock::time_point now_{};
  AwaitWinnersHandler handler_{room_, draw_, gate_, log_, [this] { return now_; }};
  const Reply none_ = v2::message_reply(MessageType::kWinners, v2::encode_winners(7574, {}));
  const Reply not_held_ =
      v2::error_reply(v2::ErrorCode::kNotHeld, kAwaitWinners, "the draw has not been held");
};

TEST_F(AwaitWinnersHandlerTest, WaitsForTheDraw) {
  ask(1, 1000);
  EXPECT_THAT(harness_.replies(), IsEmpty());
  draw_.agency_finished(1);
  background_.run();
  EXPECT_THAT(harness_.replies(), ElementsAre(none_));
}

TEST_F(AwaitWinnersHandlerTest, WaitsNoLongerThanTheClient) {
  now_ += 1h;
  ask(1, 1000);
  room_.sweep(now_ + 999ms);
  EXPECT_THAT(harness_.replies(), IsEmpty());
  room_.sweep(now_ + 1000ms);
  EXPECT_THAT(harness_.replies(), ElementsAre(not_held_));
}

TEST_F(AwaitWinnersHandlerTest, MayWaitAsLongAsTheProtocolCanSay) {
  ask(1, UINT32_MAX);
  room_.sweep(now_ + std::chrono::milliseconds(UINT32_MAX) - 1ms);
  EXPECT_THAT(harness_.replies(), IsEmpty());
  harness_.leave();
  room_.sweep(now_);
  EXPECT_THAT(harness_.replies(), ElementsAre(not_held_));
}

TEST_F(AwaitWinnersHandlerTest, AsksAtOnceWithoutPatience) {
  ask(1, 0);
  EXPECT_THAT(harness_.replies(), ElementsAre(not_held_));
  draw_.agency_finished(1);
  background_.run();
  EXPECT_THAT(harness_.replies_to(ask(1, 0)), ElementsAre(none_));
}

TEST_F(AwaitWinnersHandlerTest, DoesNotMeanFinish) {
  EXPECT_CALL(store_, record_finish).Times(0);
  ask(1, 1000);
  EXPECT_FALSE(draw_.has_finished(1));
}

TEST_F(AwaitWinnersHandlerTest, SetsOffADrawThatFailedBefore) {
  EXPECT_CALL(store_, record_draw)
      .WillOnce(test::complete_with(StoreError::kFull))
      .WillOnce(test::complete_with());
  draw_.agency_finished(1);
  ask(1, 1000);
  background_.run();
  EXPECT_THAT(harness_.replies(), ElementsAre(none_));
}

TEST_F(AwaitWinnersHandlerTest, PayloadOfAnotherSizeIsMalformed) {
  for (const std::size_t size : {0U, 4U, 7U, 9U}) {
    const auto request = harness_.ask(handler_, kAwaitWinners, std::string(size, 'x'));
    const auto error = test::error_in(harness_.replies_to(request).at(0));
    ASSERT_TRUE(error.has_value());
    EXPECT_EQ(error->code, v2::ErrorCode::kMalformed);
  }
  EXPECT_EQ(room_.size(), 0U);
}

}  // namespace
}  // namespace sorteo
