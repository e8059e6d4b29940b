#include "client_sdk/outbox.hpp"

#include <cerrno>

#include "tests/client_sdk/outbox_fixture.hpp"

namespace sorteo::test {
namespace {

using client::Outbox;
using client::OutboxBatch;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;

class OutboxTest : public OutboxFixture {
 protected:
  void append(Outbox& outbox, std::uint64_t bets = 2) {
    EXPECT_EQ(outbox.append(next_batch(outbox, bets)), std::nullopt);
  }
};

TEST_F(OutboxTest, NewOneIsEmpty) {
  const auto outbox = open();
  EXPECT_EQ(outbox->session(), kOutboxSession);
  EXPECT_EQ(outbox->last_sequence(), 0U);
  EXPECT_EQ(outbox->bets_taken(), 0U);
  EXPECT_EQ(outbox->settled(), 0U);
  EXPECT_EQ(outbox->settled_bets(), 0U);
  EXPECT_THAT(outbox->unsettled(), IsEmpty());
}

TEST_F(OutboxTest, SessionIsRandomUnlessGiven) {
  options_.session.reset();
  const SessionId first = open()->session();
  options_.path = "/agency/other";
  EXPECT_NE(open()->session(), first);
  EXPECT_NE(first, SessionId());
}

TEST_F(OutboxTest, SessionStaysThatOfTheFirstTime) {
  open();
  options_.session = SessionId();
  EXPECT_EQ(open()->session(), kOutboxSession);
}

TEST_F(OutboxTest, BatchesAreThereAfterAKill) {
  auto outbox = open();
  const OutboxBatch first = next_batch(*outbox, 3);
  EXPECT_EQ(outbox->append(first), std::nullopt);
  const OutboxBatch second = next_batch(*outbox, 4);
  EXPECT_EQ(outbox->append(second), std::nullopt);

  outbox = reopen_after_kill(std::move(outbox));
  EXPECT_EQ(outbox->session(), kOutboxSession);
  EXPECT_EQ(outbox->last_sequence(), 2U);
  EXPECT_EQ(outbox->bets_taken(), 7U);
  EXPECT_THAT(outbox->unsettled(), ElementsAre(first, second));
}

TEST_F(OutboxTest, SettledBatchesAreGone) {
  auto outbox = open();
  append(*outbox, 3);
  append(*outbox, 4);
  const OutboxBatch third = next_batch(*outbox, 5);
  EXPECT_EQ(outbox->append(third), std::nullopt);
  EXPECT_EQ(outbox->settle(1, 3), std::nullopt);
  EXPECT_EQ(outbox->settle(2, 0), std::nullopt);

  outbox = reopen_after_kill(std::move(outbox));
  EXPECT_EQ(outbox->settled(), 2U);
  EXPECT_EQ(outbox->settled_bets(), 3U);
  EXPECT_EQ(outbox->bets_taken(), 12U);
  EXPECT_THAT(outbox->unsettled(), ElementsAre(third));
}

TEST_F(OutboxTest, IsTheSameAfterEveryStepAndReopening) {
  auto outbox = open();
  for (int step = 0; step < 60; ++step) {
    if (step % 3 == 2) {
      EXPECT_EQ(outbox->settle(outbox->settled() + 1, 1), std::nullopt);
    } else {
      append(*outbox);
    }
    const auto batches = outbox->unsettled();
    const auto settled = outbox->settled();
    if (step % 2 == 0) {
      outbox = reopen_after_kill(std::move(outbox));
    } else {
      outbox.reset();
      outbox = open();
    }
    EXPECT_EQ(outbox->unsettled(), batches) << step;
    EXPECT_EQ(outbox->settled(), settled);
    EXPECT_EQ(outbox->settled_bets(), settled);
    EXPECT_EQ(outbox->bets_taken(), 2 * outbox->last_sequence());
    EXPECT_EQ(outbox->torn_bytes(), 0U);
  }
}

TEST_F(OutboxTest, BatchThatDoesNotFollowIsRefused) {
  const auto outbox = open();
  append(*outbox);
  EXPECT_THAT(outbox->append({3, 3, 1, "x"}), Optional(HasSubstr("does not follow batch 1")));
  EXPECT_THAT(outbox->append({1, 3, 1, "x"}), Optional(HasSubstr("does not follow")));
  EXPECT_THAT(outbox->append({2, 4, 1, "x"}), Optional(HasSubstr("from bet 4 on")));
  append(*outbox);
}

TEST_F(OutboxTest, BatchThatIsTooLongIsRefused) {
  const auto outbox = open();
  const std::string packets(client::kMaxOutboxPackets + 1, 'x');
  EXPECT_THAT(outbox->append({1, 1, 1, packets}), Optional(HasSubstr("longer than")));
  EXPECT_EQ(outbox->last_sequence(), 0U);
  append(*outbox);
}

TEST_F(OutboxTest, LongestBatchIsKept) {
  auto outbox = open();
  const OutboxBatch batch{1, 1, 1, std::string(client::kMaxOutboxPackets, 'x')};
  EXPECT_EQ(outbox->append(batch), std::nullopt);
  outbox = reopen_after_kill(std::move(outbox));
  EXPECT_THAT(outbox->unsettled(), ElementsAre(batch));
}

TEST_F(OutboxTest, BatchesAreSettledInOrder) {
  const auto outbox = open();
  EXPECT_THAT(outbox->settle(1, 0), Optional(HasSubstr("cannot be settled")));
  append(*outbox, 2);
  append(*outbox, 2);
  EXPECT_THAT(outbox->settle(2, 2), Optional(HasSubstr("cannot be settled")));
  EXPECT_THAT(outbox->settle(1, 3), Optional(HasSubstr("3 bets of batch 1")));
  EXPECT_EQ(outbox->settle(1, 2), std::nullopt);
  EXPECT_THAT(outbox->settle(1, 2), Optional(HasSubstr("cannot be settled")));
}

TEST_F(OutboxTest, AnotherAgencysIsRefused) {
  open();
  const std::string before = disk_.content(kOutboxPath);
  options_.agency = 8;
  EXPECT_THAT(error_on_open(), AllOf(HasSubstr(kOutboxPath), HasSubstr("the outbox of agency 7"),
                                     HasSubstr("not of agency 8")));
  EXPECT_EQ(disk_.content(kOutboxPath), before);
}

TEST_F(OutboxTest, AnotherSourceIsRefused) {
  options_.source.emplace().fill(std::byte{1});
  append(*open());
  const std::string before = disk_.content(kOutboxPath);
  options_.source->back() = std::byte{2};
  EXPECT_THAT(error_on_open(), HasSubstr("holds bets of another source"));
  options_.source.reset();
  EXPECT_THAT(error_on_open(), HasSubstr("holds bets of another source"));
  EXPECT_EQ(disk_.content(kOutboxPath), before);
}

TEST_F(OutboxTest, SourceWhereThereWasNoneIsRefused) {
  open();
  options_.source.emplace();  // zeros, which is not none
  EXPECT_THAT(error_on_open(), HasSubstr("holds bets of another source"));
}

TEST_F(OutboxTest, SecondOneOnTheSameFileIsRefused) {
  const auto outbox = open();
  EXPECT_THAT(error_on_open(), HasSubstr("is in use by another program"));
  append(*outbox);
}

TEST_F(OutboxTest, EmptyFileIsNotTakenForAnOutbox) {
  disk_.put(kOutboxPath, "");
  EXPECT_THAT(error_on_open(), HasSubstr("is empty"));
}

TEST_F(OutboxTest, FileThatIsNoOutboxIsRefusedAndKept) {
  const std::string csv(200, 'x');
  disk_.put(kOutboxPath, csv);
  EXPECT_THAT(error_on_open(), HasSubstr("does not begin as an outbox does"));
  EXPECT_EQ(disk_.content(kOutboxPath), csv);
}

TEST_F(OutboxTest, FullDiskEndsItForThisRun) {
  auto outbox = open();
  append(*outbox);
  disk_.limit_files_to(disk_.content(kOutboxPath).size() + 10);
  EXPECT_THAT(outbox->append(next_batch(*outbox)),
              Optional(AllOf(HasSubstr("cannot be written: No space left"),
                             HasSubstr("Nothing more is taken"))));
  disk_.limit_files_to(1 << 20);
  EXPECT_THAT(outbox->append(next_batch(*outbox)), Optional(HasSubstr("No space left")));
  EXPECT_THAT(outbox->settle(1, 2), Optional(HasSubstr("No space left")));

  outbox = reopen_after_kill(std::move(outbox));
  EXPECT_EQ(outbox->last_sequence(), 1U);
  EXPECT_EQ(outbox->torn_bytes(), 10U);
  append(*outbox);
}

TEST_F(OutboxTest, FailedSyncIsNeverTriedAgain) {
  const auto outbox = open();
  disk_.fail_nth(2, EIO, false);  // the write goes well, the sync behind it does not
  EXPECT_THAT(outbox->append(next_batch(*outbox)), Optional(HasSubstr("cannot be made durable")));
  const int calls = disk_.calls();
  EXPECT_THAT(outbox->append(next_batch(*outbox)), Optional(HasSubstr("cannot be made durable")));
  EXPECT_EQ(disk_.calls(), calls);
}

TEST_F(OutboxTest, AppendingWaitsForTheDiskUnlessToldOtherwise) {
  std::mt19937 random(1);
  auto outbox = open();
  append(*outbox);
  disk_.cut_power(random);
  outbox.reset();
  EXPECT_EQ(open()->last_sequence(), 1U);
}

TEST_F(OutboxTest, WithoutSyncOneCallWrites) {
  options_.sync = false;
  const auto outbox = open();
  disk_.fail_nth(2, EIO, true);
  append(*outbox);
  EXPECT_EQ(disk_.calls(), 1);
}

TEST_F(OutboxTest, WithoutSyncAnOrderlyEndIsDurable) {
  options_.sync = false;
  append(*open());
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    disk_.cut_power(random);
    EXPECT_EQ(open()->last_sequence(), 1U);
  }
}

TEST_F(OutboxTest, ShortCallsAndInterruptionsAreGoneThrough) {
  disk_.limit_calls_to(3);
  auto outbox = open();
  append(*outbox);
  disk_.fail_nth(1, EINTR, false);
  append(*outbox);
  const auto batches = outbox->unsettled();
  outbox = reopen_after_kill(std::move(outbox));
  EXPECT_EQ(outbox->unsettled(), batches);
}

}  // namespace
}  // namespace sorteo::test
