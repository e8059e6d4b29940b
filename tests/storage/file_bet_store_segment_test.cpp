// A log that goes on from segment to segment, and what is found of it after a restart.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "storage/checkpoint.hpp"
#include "storage/file_bet_store.hpp"
#include "storage/stored_bets.hpp"
#include "tests/storage/file_bet_store_fixture.hpp"

namespace sorteo::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Op = FakeFileSystem::Op;

const SessionId kSession = session_id(1);
constexpr char kCheckpoint[] = "var/bets/checkpoint";

std::string segment(int number) {
  return "var/bets/bets-000000000" + std::to_string(number) + ".log";
}

// All work is done by pump(), in this thread.
class SegmentTest : public FileBetStoreTest {
 protected:
  void SetUp() override {
    options_.own_thread = false;
    open();
  }

  boost::system::error_code give(std::uint64_t sequence) {
    const TestBatch batch(1, {std::to_string(sequence)});
    boost::system::error_code result;
    store_->append_once({kSession, sequence, 1, batch.view().packets(), 1},
                        [&](boost::system::error_code error, const Receipt& receipt) {
                          result = error;
                          receipt_ = receipt;
                        });
    store_->pump();
    return result;
  }

  // Until the log has so many segments.
  void fill(int segments) {
    while (!disk_.exists(segment(segments))) {
      ASSERT_FALSE(give(++given_));
    }
    ASSERT_FALSE(give(++given_));
  }

  std::vector<std::string> all() const {
    std::vector<std::string> lines;
    for (std::uint64_t i = 1; i <= given_; ++i) {
      lines.push_back("1: " + std::to_string(i));
    }
    return lines;
  }

  std::uint64_t given_ = 0;
  Receipt receipt_;
};

TEST_F(SegmentTest, LogGoesOnInTheNextSegment) {
  fill(4);
  EXPECT_EQ(bets_in(*store_), all());
  open();
  EXPECT_EQ(store_->recovered().batches, given_);
  EXPECT_EQ(store_->recovered().sessions, 1U);
  EXPECT_EQ(bets_in(*store_), all());
  const auto summary = read_store(disk_, "var/bets", nullptr);
  ASSERT_TRUE(summary.has_value()) << summary.error().message;
  EXPECT_EQ(summary->segments, 4U);
  EXPECT_THAT(summary->warnings, ::testing::IsEmpty());
}

TEST_F(SegmentTest, SegmentsGrowUpToALimit) {
  fill(4);
  EXPECT_THAT(disk_.content(segment(1)), SizeIs(kSmallSegment));
  EXPECT_THAT(disk_.content(segment(2)), SizeIs(2 * kSmallSegment));
  EXPECT_THAT(disk_.content(segment(3)), SizeIs(4 * kSmallSegment));
  EXPECT_THAT(disk_.content(segment(4)), SizeIs(4 * kSmallSegment));
}

TEST_F(SegmentTest, RecordThatNeedsMoreGetsALargerSegment) {
  const std::vector<std::string> many(1000, "Ana");
  Outcomes outcomes;
  store_->append(TestBatch(1, many).view(), outcomes.completion());
  store_->append(TestBatch(1, {"Luz"}).view(), outcomes.completion());
  store_->pump();
  EXPECT_THAT(outcomes.errors(), ElementsAre(kSuccess, kSuccess));
  open();
  EXPECT_EQ(store_->recovered().bets, 1001U);
}

TEST_F(SegmentTest, GroupLargerThanASegmentIsStoredInOrder) {
  Outcomes outcomes;
  for (given_ = 0; given_ < 200; ++given_) {
    store_->append(TestBatch(1, {std::to_string(given_ + 1)}).view(), outcomes.completion());
  }
  EXPECT_TRUE(store_->pump());
  EXPECT_THAT(outcomes.errors(), ::testing::Each(kSuccess));
  open();
  EXPECT_EQ(bets_in(*store_), all());
}

TEST_F(SegmentTest, CommitIntoASegmentTruncatesAndGrowsNothing) {
  const std::string before = disk_.content(segment(1));
  ASSERT_FALSE(give(++given_));
  EXPECT_THAT(disk_.content(segment(1)), SizeIs(before.size()));
  EXPECT_EQ(disk_.count(Op::kTruncate), 0U);
}

TEST_F(SegmentTest, RestartReadsTheLastSegmentAlone) {
  fill(4);
  store_.reset();
  for (int number = 1; number <= 3; ++number) {
    // Only a reader of everything would notice.
    disk_.set_content(segment(number), std::string(kSmallSegment, 'x'));
  }
  open();
  EXPECT_EQ(store_->recovered().batches, given_);
  EXPECT_FALSE(give(++given_));
}

TEST_F(SegmentTest, DuplicatesAreFoundInEverySegmentAfterARestart) {
  fill(4);
  open();
  for (std::uint64_t i = 1; i <= given_; ++i) {
    ASSERT_FALSE(give(i)) << i;
    ASSERT_TRUE(receipt_.is_duplicate);
    ASSERT_EQ(receipt_.durable, given_);
  }
  EXPECT_EQ(bets_in(*store_), all());
}

TEST_F(SegmentTest, UnsoundCheckpointIsPassedOver) {
  fill(3);
  store_.reset();
  std::string bytes = disk_.content(kCheckpoint);
  ASSERT_FALSE(bytes.empty());
  bytes[60] = static_cast<char>(bytes[60] ^ 1);
  disk_.set_content(kCheckpoint, bytes);
  open();
  EXPECT_TRUE(log_.contains("the checkpoint is not sound"));
  EXPECT_EQ(store_->recovered().batches, given_);
  store_.reset();
  EXPECT_NE(disk_.content(kCheckpoint), bytes);  // a good one was written
  open();
  EXPECT_FALSE(give(++given_));
}

TEST_F(SegmentTest, CheckpointOfAnotherLogIsDamage) {
  fill(2);
  store_.reset();
  const auto own = disk_.contents();
  disk_.set_contents({});
  given_ = 0;
  open();
  fill(2);
  store_.reset();
  const std::string other = disk_.content(kCheckpoint);
  disk_.set_contents(own);
  disk_.set_content(kCheckpoint, other);
  disk_.remove("var/bets/durable");
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

TEST_F(SegmentTest, LogThatLostItsLastSegmentIsDamaged) {
  fill(3);
  store_.reset();
  disk_.remove(segment(3));
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

TEST_F(SegmentTest, MissingSegmentIsDamage) {
  fill(4);
  store_.reset();
  disk_.remove(segment(2));
  const auto store = try_open();
  ASSERT_TRUE(store.has_error());
  EXPECT_EQ(store.error().code, StoreError::kDamaged);
  EXPECT_THAT(store.error().message, HasSubstr(segment(2)));
}

// Of batches without identities: the sequence numbers of others would show that some are missing.
TEST_F(SegmentTest, OlderCopyOfASegmentIsDamage) {
  const auto give_plain = [this] {
    store_->append(TestBatch(1, {"Ana"}).view(),
                   [](boost::system::error_code error) { EXPECT_FALSE(error); });
    store_->pump();
  };
  give_plain();
  const std::string older = disk_.content(segment(1));
  while (!disk_.exists(segment(2))) {
    give_plain();
  }
  store_.reset();
  disk_.set_content(segment(1), older);
  disk_.remove(kCheckpoint);
  const auto store = try_open();
  ASSERT_TRUE(store.has_error());
  EXPECT_EQ(store.error().code, StoreError::kDamaged);
  EXPECT_THAT(store.error().message, HasSubstr("does not follow what stands before it"));
}

TEST_F(SegmentTest, DamageToAnOldSegmentIsFoundByAFullRead) {
  fill(4);
  store_.reset();
  std::string bytes = disk_.content(segment(2));
  bytes[300] = static_cast<char>(bytes[300] ^ 1);
  disk_.set_content(segment(2), bytes);
  const auto summary = read_store(disk_, "var/bets", nullptr);
  ASSERT_TRUE(summary.has_error());
  EXPECT_EQ(summary.error().code, StoreError::kDamaged);
  EXPECT_THAT(summary.error().message, HasSubstr(segment(2)));
  open();
  EXPECT_THAT(bets_in(*store_).back(), HasSubstr("damaged"));
}

TEST_F(SegmentTest, ByteBehindTheEndOfAnOldSegmentIsDamage) {
  fill(3);
  store_.reset();
  std::string bytes = disk_.content(segment(1));
  bytes.back() = 1;
  disk_.set_content(segment(1), bytes);
  EXPECT_TRUE(read_store(disk_, "var/bets", nullptr).has_error());
}

TEST_F(SegmentTest, CheckpointThatAddsUpToSomethingElseIsDamage) {
  fill(3);
  store_.reset();
  const std::string late = disk_.content(kCheckpoint);
  auto read = decode_checkpoint(as_bytes(late));
  ASSERT_TRUE(read);
  ++read->ledger.bets;
  disk_.set_content(kCheckpoint, encode_checkpoint(read->log_id, read->at, read->ledger));
  const auto summary = read_store(disk_, "var/bets", nullptr);
  ASSERT_TRUE(summary.has_error());
  EXPECT_THAT(summary.error().message, HasSubstr("adds up to something else"));
}

TEST_F(SegmentTest, MissingCheckpointCostsAFullReadAlone) {
  fill(3);
  store_.reset();
  disk_.remove(kCheckpoint);
  open();
  EXPECT_EQ(store_->recovered().batches, given_);
  EXPECT_TRUE(disk_.exists(kCheckpoint));
}

TEST_F(SegmentTest, CheckpointIsOnTheDiskWhenItHasItsName) {
  fill(2);
  EXPECT_EQ(disk_.durable_contents().at(kCheckpoint), disk_.content(kCheckpoint));
}

TEST_F(SegmentTest, FailedSyncOfANewSegmentIsTheLast) {
  fill(1);
  disk_.give_up_failed_syncs();
  while (disk_.content("var/bets/next.new").empty()) {
    ASSERT_FALSE(give(++given_));
  }
  // The segment has room for the rest of this loop's batches, until one needs the next segment.
  boost::system::error_code error;
  while (!error) {
    if (log_bytes().size() + 200 > kSmallSegment) {
      disk_.fail(Op::kSync, EIO);
    }
    error = give(given_ + 1);
    given_ += error ? 0 : 1;
  }
  EXPECT_EQ(error, StoreError::kFailed);
  EXPECT_EQ(give(given_ + 1), StoreError::kFailed);
  open();
  EXPECT_GE(store_->recovered().batches, given_);
}

TEST_F(SegmentTest, NothingIsAcknowledgedInASegmentThatMayLoseItsName) {
  disk_.fail(Op::kSyncDirectory, EIO);
  boost::system::error_code error;
  while (!error && !disk_.exists(segment(3))) {
    error = give(given_ + 1);
    given_ += error ? 0 : 1;
  }
  EXPECT_EQ(error, StoreError::kFailed);
  EXPECT_TRUE(disk_.exists(segment(2)));
  EXPECT_EQ(give(given_ + 1), StoreError::kFailed);
}

TEST_F(SegmentTest, SegmentIsOnTheDiskBeforeTheNextBegins) {
  options_.durability = Durability::kOs;
  open();
  fill(2);
  EXPECT_EQ(disk_.durable_contents().at(segment(1)), disk_.content(segment(1)));
}

TEST_F(SegmentTest, CloseLeavesNothingThatIsNotNeeded) {
  fill(2);
  while (disk_.content("var/bets/next.new").empty()) {
    ASSERT_FALSE(give(++given_));
  }
  EXPECT_FALSE(store_->close());
  EXPECT_FALSE(disk_.exists("var/bets/next.new"));
}

TEST_F(SegmentTest, LookUpThatCannotReadSaysThatTheOutcomeIsUnknown) {
  fill(3);
  open();
  disk_.set_content(segment(1), std::string(kSmallSegment, 'x'));
  EXPECT_EQ(give(1), StoreError::kFailed);
  EXPECT_TRUE(log_.contains("action: store_read | result: fail"));
  EXPECT_FALSE(give(++given_));
}

TEST_F(SegmentTest, GroupThatFoundNoRoomTakesItsNumbersBack) {
  ASSERT_FALSE(give(1));
  disk_.fail(Op::kWrite, ENOSPC);
  EXPECT_EQ(give(2), StoreError::kFull);
  EXPECT_EQ(receipt_.durable, 1U);
  EXPECT_EQ(give(3), StoreError::kSequenceGap);
  EXPECT_EQ(store_->session(1, kSession), (SessionState{1, 1}));
  EXPECT_FALSE(give(2));
  EXPECT_FALSE(receipt_.is_duplicate);
  EXPECT_FALSE(give(3));
  open();
  EXPECT_EQ(store_->recovered().bets, 3U);
}

TEST_F(SegmentTest, WhatWaitsBehindAGroupThatFoundNoRoomTakesItsNumberBack) {
  const TestBatch small(1, {"Ana"});
  const TestBatch large(1, std::vector<std::string>(100, "Luz"));
  std::vector<boost::system::error_code> errors;
  const auto note = [&](boost::system::error_code error, const Receipt&) {
    errors.push_back(error);
  };
  // The first one fits, the second needs a segment for which there is no room, the third waits.
  store_->append_once({kSession, 1, 1, small.view().packets(), 1},
                      [&](boost::system::error_code error, const Receipt& receipt) {
                        note(error, receipt);
                        store_->append_once({kSession, 3, 1, small.view().packets(), 1}, note);
                        disk_.fail(Op::kWrite, ENOSPC);
                      });
  store_->append_once({kSession, 2, 1, large.view().packets(), 100}, note);
  store_->pump();
  store_->pump();
  EXPECT_THAT(errors, ElementsAre(kSuccess, StoreError::kFull, StoreError::kFull));
  EXPECT_EQ(give(3), StoreError::kSequenceGap);
  open();
  EXPECT_EQ(store_->recovered().bets, 1U);
}

TEST_F(SegmentTest, NumberThatWasRefusedLastIsKnownAfterAReopening) {
  store_->append_once({kSession, 1, 1, as_bytes("nonsense"), std::nullopt},
                      [](boost::system::error_code error, const Receipt&) { EXPECT_FALSE(error); });
  store_->pump();
  ASSERT_FALSE(give(2));
  open();
  EXPECT_EQ(store_->session(1, kSession), (SessionState{2, 1, 1}));
}

TEST_F(SegmentTest, SessionIsDurableUpToWhatIsWritten) {
  const TestBatch batch(1, {"Ana"});
  store_->append_once({kSession, 1, 1, batch.view().packets(), 1},
                      [](boost::system::error_code error, const Receipt&) { EXPECT_FALSE(error); });
  EXPECT_EQ(store_->session(1, kSession), (SessionState{0, 0}));
  store_->pump();
  EXPECT_EQ(store_->session(1, kSession), (SessionState{1, 1}));
}

TEST_F(SegmentTest, CountedFinishBehindBatchesThatFoundNoRoomFailsWithThem) {
  ASSERT_FALSE(give(1));
  const TestBatch batch(1, {"Ana"});
  std::vector<boost::system::error_code> errors;
  store_->append_once(
      {kSession, 2, 1, batch.view().packets(), 1},
      [&](boost::system::error_code error, const Receipt&) { errors.push_back(error); });
  const auto note = [&](boost::system::error_code error, std::uint64_t) {
    errors.push_back(error);
  };
  store_->record_counted_finish(1, 2, note);
  store_->record_counted_finish(1, 7, note);
  disk_.fail(Op::kWrite, ENOSPC);
  store_->pump();
  EXPECT_THAT(errors, ElementsAre(StoreError::kFull, StoreError::kFull, StoreError::kFull));
  errors.clear();
  store_->record_counted_finish(1, 1, note);
  store_->pump();
  EXPECT_THAT(errors, ElementsAre(kSuccess));
}

// The winners.

TEST_F(SegmentTest, WinnersThatWereKeptAreFoundAgain) {
  const WinnersByAgency winners{{1, {7, 8}}, {2, {}}};
  EXPECT_TRUE(store_->keep_winners(winners));
  store_->record_draw(7574, [](boost::system::error_code) {});
  store_->pump();
  EXPECT_FALSE(store_->keep_winners(winners));
  open();
  EXPECT_EQ(store_->recovered().winners, winners);
}

TEST_F(SegmentTest, ClosedStoreKeepsNoWinners) {
  store_->record_draw(7574, [](boost::system::error_code) {});
  EXPECT_FALSE(store_->close());
  const auto failure = store_->keep_winners({});
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, StoreError::kClosed);
}

TEST_F(SegmentTest, FullDiskIsNotFilledAgainWithEveryCommit) {
  while (log_bytes().size() < kSmallSegment / 2) {
    ASSERT_FALSE(give(++given_));
  }
  disk_.remove("var/bets/next.new");
  open();
  disk_.limit_to(0);
  ASSERT_FALSE(give(++given_));
  const std::size_t opened = disk_.count(Op::kOpen);
  ASSERT_FALSE(give(++given_));
  EXPECT_EQ(disk_.count(Op::kOpen), opened);
}

TEST_F(SegmentTest, WinnersOfAnotherDrawAreNotTaken) {
  store_->record_draw(7574, [](boost::system::error_code) {});
  store_->pump();
  ASSERT_FALSE(store_->keep_winners({{1, {7}}}));
  store_.reset();
  const std::string bytes = disk_.content("var/bets/winners");
  disk_.set_contents({});
  open();
  store_->record_draw(7574, [](boost::system::error_code) {});
  store_->pump();
  store_.reset();
  disk_.set_content("var/bets/winners", bytes);
  open();
  EXPECT_EQ(store_->recovered().winners, std::nullopt);
  EXPECT_TRUE(log_.contains("the winners are not those"));
}

}  // namespace
}  // namespace sorteo::test
