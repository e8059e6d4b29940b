#include "core/waiting_room.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "core/version2.hpp"
#include "core/version2_reply.hpp"
#include "tests/core/draw_fixture.hpp"
#include "tests/support/recording_sink.hpp"

namespace sorteo {
namespace {

using namespace std::chrono_literals;
using test::RecordingSink;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kType = static_cast<std::uint8_t>(MessageType::kAwaitWinners);
constexpr WaitingRoom::Clock::time_point kNow{};

Reply told_winners(std::vector<std::uint32_t> documents) {
  return v2::message_reply(MessageType::kWinners, v2::encode_winners(7574, documents));
}

const Reply kNotHeld =
    v2::error_reply(v2::ErrorCode::kNotHeld, kType, "the draw has not been held");
const Reply kClosing = v2::error_reply(v2::ErrorCode::kClosing, kType, "the server is stopping");
const Reply kBusy =
    v2::error_reply(v2::ErrorCode::kBusy, kType, "too many wait for the draw, try later");

// A draw of agencies 1 and 2, in which document 11 of agency 1 wins.
class WaitingRoomTest : public test::DrawFixture {
 protected:
  using Sink = std::shared_ptr<RecordingSink>;

  WaitingRoomTest() { stored(1, {test::bet("11", "7574"), test::bet("12", "1")}); }

  WaitingRoom& room(WaitingRoomOptions options = {}) {
    if (!room_) {
      room_.emplace(options, draw(), log_);
      draw().on_held([this] { room_->release(); });
    }
    return *room_;
  }

  // A peer that asks for the winners of `agency`.
  Sink ask(std::uint32_t agency, std::chrono::milliseconds patience = 1h) {
    auto sink = std::make_shared<RecordingSink>();
    room().wait(agency, kNow + patience, Responder(sink, 1, kType));
    return sink;
  }

  void hold() {
    finish({1, 2});
    background_.run();
  }

 private:
  std::optional<WaitingRoom> room_;
};

TEST_F(WaitingRoomTest, AnswersWhenTheDrawIsHeld) {
  const Sink one = ask(1);
  const Sink two = ask(2);
  EXPECT_THAT(one->replies(), IsEmpty());
  EXPECT_EQ(room().size(), 2U);
  hold();
  EXPECT_THAT(one->replies(), ElementsAre(told_winners({11})));
  EXPECT_THAT(two->replies(), ElementsAre(told_winners({})));
  EXPECT_EQ(room().size(), 0U);
}

TEST_F(WaitingRoomTest, AnswersAtOnceAfterTheDraw) {
  room();
  hold();
  EXPECT_THAT(ask(1)->replies(), ElementsAre(told_winners({11})));
  EXPECT_EQ(room().size(), 0U);
}

TEST_F(WaitingRoomTest, LogsHowManyWonAsVersionOneDoes) {
  ask(1);
  hold();
  EXPECT_TRUE(log_.contains("action: consulta_ganadores | result: success | cant_ganadores: 1"));
}

TEST_F(WaitingRoomTest, AnswersNotHeldAtTheDeadlineAndNotBefore) {
  const Sink sooner = ask(1, 10ms);
  const Sink later = ask(1, 20ms);
  room().sweep(kNow + 9ms);
  EXPECT_THAT(sooner->replies(), IsEmpty());
  room().sweep(kNow + 10ms);
  EXPECT_THAT(sooner->replies(), ElementsAre(kNotHeld));
  EXPECT_THAT(later->replies(), IsEmpty());
  hold();
  EXPECT_EQ(sooner->replies().size(), 1U);
  EXPECT_THAT(later->replies(), ElementsAre(told_winners({11})));
}

TEST_F(WaitingRoomTest, OneThatHasLeftIsForgotten) {
  const Sink left = ask(1);
  const Sink stays = ask(1);
  left->abandon();
  room().sweep(kNow);
  EXPECT_EQ(room().size(), 1U);
  EXPECT_EQ(left.use_count(), 1);                       // the room holds nothing of it
  EXPECT_THAT(left->replies(), ElementsAre(kNotHeld));  // so that its session can end
  EXPECT_THAT(stays->replies(), IsEmpty());
}

TEST_F(WaitingRoomTest, EveryOneThatHasLeftIsFoundInTurn) {
  room({.max_waiting = 1000, .at_once = 10});
  std::vector<Sink> sinks;
  for (int i = 0; i < 100; ++i) {
    sinks.push_back(ask(1, std::chrono::milliseconds(1000 + i)));
    if (i % 2 == 1) {
      sinks.back()->abandon();
    }
  }
  for (int i = 0; i < 10; ++i) {
    room().sweep(kNow);
  }
  EXPECT_EQ(room().size(), 50U);
  for (std::size_t i = 0; i < sinks.size(); ++i) {
    EXPECT_EQ(sinks[i]->replies().size(), i % 2) << i;
  }
}

TEST_F(WaitingRoomTest, DeadlineOfTheOneThatIsLookedAtNextDoesNoHarm) {
  room({.max_waiting = 10, .at_once = 1});
  const Sink first = ask(1, 10ms);
  const Sink second = ask(1, 20ms);
  const Sink third = ask(1, 30ms);
  room().sweep(kNow);         // has looked at the first
  room().sweep(kNow + 20ms);  // takes the second, which would be next
  third->abandon();
  room().sweep(kNow + 20ms);
  room().sweep(kNow + 20ms);
  EXPECT_THAT(third->replies(), ElementsAre(kNotHeld));
  EXPECT_EQ(room().size(), 0U);
}

TEST_F(WaitingRoomTest, ManyDeadlinesAtOnceAreAllAnswered) {
  room({.max_waiting = 1000, .at_once = 10});
  std::vector<Sink> sinks;
  for (int i = 0; i < 105; ++i) {
    sinks.push_back(ask(1, 10ms));
  }
  room().sweep(kNow + 10ms);
  for (const Sink& sink : sinks) {
    EXPECT_THAT(sink->replies(), ElementsAre(kNotHeld));
  }
}

TEST_F(WaitingRoomTest, OneTooManyIsBusy) {
  room({.max_waiting = 2});
  const Sink first = ask(1, 10ms);
  ask(1);
  EXPECT_THAT(ask(1)->replies(), ElementsAre(kBusy));
  room().sweep(kNow + 10ms);
  EXPECT_THAT(first->replies(), ElementsAre(kNotHeld));
  EXPECT_THAT(ask(1)->replies(), IsEmpty());
  EXPECT_TRUE(log_.contains("action: consulta_ganadores | result: fail | agencia: 1"));
}

TEST_F(WaitingRoomTest, ClosingAnswersEverybody) {
  const Sink waiting = ask(1);
  room().close();
  EXPECT_THAT(waiting->replies(), ElementsAre(kClosing));
  EXPECT_THAT(ask(1)->replies(), ElementsAre(kClosing));
  EXPECT_EQ(room().size(), 0U);
}

TEST_F(WaitingRoomTest, DrawThatIsHeldWhileClosingIsStillToldToWhoAsks) {
  room().close();
  hold();
  EXPECT_THAT(ask(1)->replies(), ElementsAre(told_winners({11})));
}

TEST_F(WaitingRoomTest, ClosingAfterTheDrawChangesNothing) {
  room();
  hold();
  room().close();
  EXPECT_THAT(ask(1)->replies(), ElementsAre(told_winners({11})));
}

// Whoever comes while the draw is being held is answered, once, on either side of it.
TEST_F(WaitingRoomTest, NobodyIsMissedWhileTheDrawIsHeld) {
  constexpr int kAskers = 4;
  constexpr int kQuestions = 2000;
  room();
  std::vector<std::vector<Sink>> sinks(kAskers);
  std::vector<std::thread> threads;
  for (auto& mine : sinks) {
    threads.emplace_back([this, &mine] {
      for (int i = 0; i < kQuestions; ++i) {
        mine.push_back(ask(1));
      }
    });
  }
  hold();
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const auto& mine : sinks) {
    for (const Sink& sink : mine) {
      ASSERT_THAT(sink->replies(), ElementsAre(told_winners({11})));
    }
  }
  EXPECT_EQ(room().size(), 0U);
}

}  // namespace
}  // namespace sorteo
