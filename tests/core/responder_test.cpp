#include "core/responder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

#include "core/version2_error.hpp"
#include "core/version2_reply.hpp"
#include "tests/support/recording_sink.hpp"

namespace sorteo {
namespace {

using test::RecordingSink;
using testing::ElementsAre;
using testing::IsEmpty;

const Reply kInternal = error_reply("INTERNAL");

static_assert(!std::is_copy_constructible_v<Responder>);
static_assert(!std::is_copy_assignable_v<Responder>);
static_assert(std::is_nothrow_move_constructible_v<Responder>);
static_assert(std::is_nothrow_move_assignable_v<Responder>);

class ResponderTest : public testing::Test {
 protected:
  static constexpr std::uint8_t kBatchBet = 1;
  static constexpr std::uint8_t kFinish = 0x14;

  Responder responder(std::uint64_t request, std::uint8_t type = kBatchBet) {
    return Responder(sink_, request, type);
  }

  std::shared_ptr<RecordingSink> sink_ = std::make_shared<RecordingSink>();
};

TEST_F(ResponderTest, SendsTheReplyToItsRequest) {
  responder(7).send(ok_reply());
  EXPECT_THAT(sink_->replies_to(7), ElementsAre(ok_reply()));
  EXPECT_EQ(sink_->replies().size(), 1U);
}

TEST_F(ResponderTest, SendsOnce) {
  {
    Responder once = responder(1);
    once.send(ok_reply());
    once.send(wait_reply());
  }
  EXPECT_THAT(sink_->replies(), ElementsAre(ok_reply()));
}

TEST_F(ResponderTest, DroppedAnswersInternal) {
  { const Responder dropped = responder(3); }
  EXPECT_THAT(sink_->replies_to(3), ElementsAre(kInternal));
}

TEST_F(ResponderTest, DroppedAnswersInTheFormOfItsVersion) {
  { const Responder dropped = responder(3, kFinish); }
  const auto replies = sink_->replies_to(3);
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].envelope, Reply::Envelope::kMessage);
  EXPECT_EQ(replies[0].type, static_cast<std::uint8_t>(MessageType::kError));
  const auto error = v2::decode_error(as_bytes(replies[0].payload));
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code, v2::ErrorCode::kInternal);
  EXPECT_EQ(error->request, kFinish);
}

TEST_F(ResponderTest, AssignedOverAnswersInTheFormOfTheOldRequest) {
  Responder target = responder(1, kFinish);
  target = responder(2, kBatchBet);
  ASSERT_EQ(sink_->replies_to(1).size(), 1U);
  EXPECT_EQ(sink_->replies_to(1)[0], internal_reply(kFinish));
  EXPECT_EQ(target.type(), kBatchBet);
  target.send(ok_reply());
}

TEST_F(ResponderTest, KnowsWhenThePeerHasLeft) {
  Responder waiting = responder(1);
  EXPECT_FALSE(waiting.is_abandoned());
  sink_->abandon();
  EXPECT_TRUE(waiting.is_abandoned());
  waiting.send(ok_reply());
}

TEST_F(ResponderTest, UsedOneIsAbandoned) {
  Responder used = responder(1);
  used.send(ok_reply());
  EXPECT_TRUE(used.is_abandoned());
}

TEST_F(ResponderTest, MovedCarriesTheRightAlong) {
  Responder from = responder(1);
  Responder to = std::move(from);
  from.send(wait_reply());  // NOLINT: a moved-from responder ignores it
  EXPECT_THAT(sink_->replies(), IsEmpty());
  to.send(ok_reply());
  EXPECT_THAT(sink_->replies(), ElementsAre(ok_reply()));
}

TEST_F(ResponderTest, AssignedOverAnswersInternalForTheOldRequest) {
  Responder target = responder(1);
  target = responder(2);
  EXPECT_THAT(sink_->replies_to(1), ElementsAre(kInternal));
  EXPECT_THAT(sink_->replies_to(2), IsEmpty());
  target.send(ok_reply());
  EXPECT_THAT(sink_->replies_to(2), ElementsAre(ok_reply()));
}

TEST_F(ResponderTest, AssignedOverAUsedOneAnswersNothingMore) {
  Responder target = responder(1);
  target.send(ok_reply());
  target = responder(2);
  EXPECT_THAT(sink_->replies_to(1), ElementsAre(ok_reply()));
  target.send(wait_reply());
  EXPECT_THAT(sink_->replies_to(2), ElementsAre(wait_reply()));
}

TEST_F(ResponderTest, AssignedToItselfKeepsItsRight) {
  Responder target = responder(1);
  Responder& same = target;
  target = std::move(same);
  EXPECT_THAT(sink_->replies(), IsEmpty());
  target.send(ok_reply());
  EXPECT_THAT(sink_->replies(), ElementsAre(ok_reply()));
}

TEST_F(ResponderTest, AnswersFromAnotherThread) {
  Responder here = responder(1);
  std::thread([there = std::move(here)]() mutable { there.send(ok_reply()); }).join();
  EXPECT_THAT(sink_->replies(), ElementsAre(ok_reply()));
}

TEST_F(ResponderTest, DroppedOnAnotherThreadAnswersInternal) {
  Responder here = responder(1);
  std::thread([there = std::optional<Responder>(std::move(here))]() mutable {
    there.reset();
  }).join();
  EXPECT_THAT(sink_->replies(), ElementsAre(kInternal));
}

TEST_F(ResponderTest, KeepsTheSinkUntilItHasAnswered) {
  Responder late = responder(1);
  const std::weak_ptr<RecordingSink> sink = std::exchange(sink_, nullptr);
  EXPECT_FALSE(sink.expired());
  late.send(ok_reply());
  EXPECT_TRUE(sink.expired());
}

}  // namespace
}  // namespace sorteo
