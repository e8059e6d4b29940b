// Disks that are full, and disks that fail.

#include "storage/file_bet_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "storage/witness.hpp"
#include "tests/storage/file_bet_store_fixture.hpp"

namespace sorteo::test {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Op = FakeFileSystem::Op;

// A disk that is full.

// A store whose disk has no room left, and the last segment neither.
class FullFileBetStoreTest : public FileBetStoreTest {
 protected:
  void SetUp() override {
    open();
    disk_.limit_to(0);
    while (!append(*store_, 1, {"Ana"})) {
      stored_.emplace_back("1: Ana");
    }
    ASSERT_THAT(stored_, ::testing::Not(IsEmpty()));
  }

  void make_room() { disk_.limit_to(1'000'000); }

  std::vector<std::string> stored_;
  int finished_ = 0;
};

TEST_F(FullFileBetStoreTest, StoresNothingMore) {
  const auto before = disk_.contents();
  EXPECT_EQ(append(*store_, 1, {"Luz"}), StoreError::kFull);
  EXPECT_EQ(disk_.contents(), before);
  EXPECT_EQ(bets_in(*store_), stored_);
}

TEST_F(FullFileBetStoreTest, LeavesNothingOfASegmentThatFoundNoRoom) {
  disk_.limit_to(5 * kSmallSegment);
  append(*store_, 1, {"Luz"});
  disk_.fail(Op::kWrite, ENOSPC, FakeFileSystem::kForGood);
  append(*store_, 1, std::vector<std::string>(100, "Luz"));
  EXPECT_FALSE(disk_.exists("var/bets/next.new"));
}

TEST_F(FullFileBetStoreTest, GoesOnWhenTheDiskHasRoomAgain) {
  append(*store_, 1, {"Luz"});
  make_room();
  EXPECT_EQ(append(*store_, 1, {"Sol"}), kSuccess);
  open();
  stored_.emplace_back("1: Sol");
  EXPECT_EQ(bets_in(*store_), stored_);
}

TEST_F(FullFileBetStoreTest, TakesASmallSegmentWhenThereIsNoRoomForALargeOne) {
  disk_.limit_to(2 * kSmallSegment + kWitnessBytes + 100);
  EXPECT_EQ(append(*store_, 1, {"Sol"}), kSuccess);
  EXPECT_EQ(disk_.content("var/bets/bets-0000000002.log").size(), kSmallSegment);
}

TEST_F(FullFileBetStoreTest, SaysOnceThatTheDiskIsFullAndOnceThatItHasRoom) {
  append(*store_, 1, {"Ana"});
  make_room();
  append(*store_, 1, {"Ana"});
  append(*store_, 1, {"Ana"});
  std::vector<std::string> lines;
  for (const auto& line : log_.lines()) {
    if (line.text.starts_with("action: store_room")) {
      lines.push_back(line.text);
    }
  }
  EXPECT_THAT(lines,
              ElementsAre("action: store_room | result: fail | error: storage full, try later",
                          "action: store_room | result: success"));
}

TEST_F(FullFileBetStoreTest, FinishAndDrawThatFoundNoRoomAreTakenBack) {
  // What is left of the segment may still have room for them.
  while (finish(*store_, 2 + static_cast<std::uint32_t>(finished_++)) != StoreError::kFull) {
  }
  EXPECT_EQ(finish(*store_, 1), StoreError::kFull);
  EXPECT_EQ(hold_draw(*store_, 7574), StoreError::kFull);
  make_room();
  EXPECT_EQ(append(*store_, 1, {"Ana"}), kSuccess);
  EXPECT_EQ(finish(*store_, 1), kSuccess);
  EXPECT_EQ(hold_draw(*store_, 1), kSuccess);
  open();
  EXPECT_EQ(store_->recovered().winning_number, 1U);
  EXPECT_EQ(store_->recovered().finished.back(), 1U);
}

TEST_F(FileBetStoreTest, GroupThatFoundNoRoomIsGoneForGood) {
  open();
  append(*store_, 1, {"Ana"});
  const std::string before = disk_.content(kLog);
  disk_.write_through();
  disk_.limit_calls_to(100);
  disk_.fail_nth(2, ENOSPC);
  EXPECT_EQ(append(*store_, 1, {"Luz", "Sol"}), StoreError::kFull);
  EXPECT_EQ(disk_.durable_content(kLog), before);
  EXPECT_EQ(append(*store_, 1, {"Luz", "Sol"}), kSuccess);
}

// Who hears that it was not stored may send it again: it must not come back after a power cut.
TEST_F(FileBetStoreTest, GroupThatFoundNoRoomIsClearedAwayWithASync) {
  open();
  append(*store_, 1, {"Ana"});
  const std::size_t syncs = disk_.count(Op::kSync);
  disk_.fail(Op::kWrite, ENOSPC);
  EXPECT_EQ(append(*store_, 1, {"Luz", "Sol"}), StoreError::kFull);
  EXPECT_EQ(disk_.count(Op::kSync), syncs + 1);
}

TEST_F(FileBetStoreTest, WhatWaitsBehindAGroupThatFoundNoRoomIsNotStoredEither) {
  options_.own_thread = false;
  open();
  Outcomes outcomes;
  store_->append(TestBatch(1, {"Ana"}).view(), [this, &outcomes](boost::system::error_code error) {
    EXPECT_EQ(error, StoreError::kFull);
    store_->append(TestBatch(1, {"Sol"}).view(), outcomes.completion());
  });
  store_->append(TestBatch(1, {"Luz"}).view(), outcomes.completion());
  disk_.fail(Op::kWrite, ENOSPC);
  EXPECT_TRUE(store_->pump());
  EXPECT_THAT(outcomes.errors(), ElementsAre(StoreError::kFull));
  EXPECT_TRUE(store_->pump());
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Sol"));
}

TEST_F(FileBetStoreTest, QuotaIsAFullDisk) {
  open();
  disk_.fail(Op::kWrite, EDQUOT);
  EXPECT_EQ(append(*store_, 1, {"Ana"}), StoreError::kFull);
  EXPECT_EQ(append(*store_, 1, {"Ana"}), kSuccess);
}

TEST_F(FileBetStoreTest, FinishAskedTwiceFailsTwice) {
  options_.own_thread = false;
  open();
  Outcomes outcomes;
  store_->record_finish(1, outcomes.completion());
  store_->record_finish(1, outcomes.completion());
  disk_.fail(Op::kWrite, ENOSPC);
  EXPECT_TRUE(store_->pump());
  EXPECT_THAT(outcomes.errors(), ElementsAre(StoreError::kFull, StoreError::kFull));
}

TEST_F(FileBetStoreTest, FullDiskThatCannotBeTidiedUpFails) {
  open();
  disk_.fail(Op::kWrite, ENOSPC, 2);
  EXPECT_EQ(append(*store_, 1, {"Ana"}), StoreError::kFailed);
  EXPECT_EQ(append(*store_, 1, {"Ana"}), StoreError::kFailed);
}

// A disk that fails.

TEST_F(FileBetStoreTest, FailedWriteIsTheLast) {
  open();
  append(*store_, 1, {"Ana"});
  disk_.fail(Op::kWrite, EIO);
  EXPECT_EQ(append(*store_, 1, {"Luz"}), StoreError::kFailed);
  const std::size_t writes = disk_.count(Op::kWrite);
  const std::size_t syncs = disk_.count(Op::kSync);
  EXPECT_EQ(append(*store_, 1, {"Luz"}), StoreError::kFailed);
  EXPECT_EQ(append(*store_, 1, {}), StoreError::kFailed);
  EXPECT_EQ(finish(*store_, 1), StoreError::kFailed);
  EXPECT_EQ(hold_draw(*store_, 7574), StoreError::kFailed);
  const auto failure = store_->close();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, StoreError::kFailed);
  EXPECT_THAT(failure->message,
              HasSubstr("var/bets/bets-0000000001.log: cannot write: Input/output error"));
  EXPECT_EQ(disk_.count(Op::kWrite), writes);
  EXPECT_EQ(disk_.count(Op::kSync), syncs);
}

TEST_F(FileBetStoreTest, FailedSyncIsTheLast) {
  open();
  append(*store_, 1, {"Ana"});
  disk_.fail(Op::kSync, EIO);
  const std::size_t syncs = disk_.count(Op::kSync);
  EXPECT_EQ(append(*store_, 1, {"Luz"}), StoreError::kFailed);
  EXPECT_EQ(append(*store_, 1, {"Sol"}), StoreError::kFailed);
  EXPECT_TRUE(store_->close());
  EXPECT_EQ(disk_.count(Op::kSync), syncs + 1);
}

TEST_F(FileBetStoreTest, OpensWhatIsOnTheDiskAfterAFailedSync) {
  open();
  append(*store_, 1, {"Ana"});
  disk_.give_up_failed_syncs();
  disk_.fail(Op::kSync, EIO);
  EXPECT_EQ(append(*store_, 1, {"Luz"}), StoreError::kFailed);
  open();
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
  EXPECT_EQ(append(*store_, 1, {"Sol"}), kSuccess);
  disk_.set_content(kLog, disk_.durable_content(kLog));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana", "1: Sol"));
}

TEST_F(FileBetStoreTest, FailsWhatWasWaitingToo) {
  open();
  Outcomes outcomes;
  disk_.fail(Op::kSync, EIO);
  disk_.hold_syncs();
  store_->append(TestBatch(1, {"Ana"}).view(), outcomes.completion());
  ASSERT_TRUE(disk_.await_held_sync());
  store_->append(TestBatch(1, {"Luz"}).view(), outcomes.completion());
  store_->record_finish(1, outcomes.completion());
  store_->record_finish(1, outcomes.completion());
  disk_.let_syncs_go();
  ASSERT_TRUE(outcomes.await(4));
  EXPECT_THAT(outcomes.errors(), Each(make_error_code(StoreError::kFailed)));
}

TEST_F(FileBetStoreTest, SaysOnceThatTheDiskFailed) {
  open();
  disk_.fail(Op::kSync, EIO);
  append(*store_, 1, {"Ana"});
  append(*store_, 1, {"Ana"});
  EXPECT_TRUE(store_->close());
  int lines = 0;
  for (const auto& line : log_.lines()) {
    lines += line.level == LogLevel::kError ? 1 : 0;
  }
  EXPECT_EQ(lines, 1);
  EXPECT_TRUE(log_.contains("cannot sync: Input/output error"));
}

TEST_F(FileBetStoreTest, TellsThatItHasFailedOnceAndAfterThoseWhoWaited) {
  options_.own_thread = false;
  std::vector<std::string> told;
  options_.on_failed = [&told] { told.emplace_back("the owner"); };
  open();
  disk_.fail(Op::kSync, EIO);
  store_->append(TestBatch(1, {"Ana"}).view(),
                 [&told](boost::system::error_code) { told.emplace_back("Ana"); });
  store_->pump();
  store_->append(TestBatch(1, {"Luz"}).view(), [](boost::system::error_code) {});
  EXPECT_TRUE(store_->close());
  EXPECT_THAT(told, ElementsAre("Ana", "the owner"));
}

TEST_F(FileBetStoreTest, ShowsWhatWasAcknowledgedAfterAFailure) {
  open();
  append(*store_, 1, {"Ana"});
  disk_.fail(Op::kSync, EIO);
  append(*store_, 1, {"Luz"});
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
}

TEST_F(FileBetStoreTest, FailedCloseIsReported) {
  options_.durability = Durability::kOs;
  open();
  append(*store_, 1, {"Ana"});
  disk_.fail(Op::kSync, EIO);
  const auto failure = store_->close();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, StoreError::kFailed);
  EXPECT_TRUE(log_.contains("cannot sync: Input/output error"));
}

TEST_F(FileBetStoreTest, InterruptionsAndShortWritesChangeNothing) {
  disk_.limit_calls_to(7);
  open();
  disk_.fail(Op::kWrite, EINTR, 3);
  EXPECT_EQ(append(*store_, 1, {"Ana", "Luz"}), kSuccess);
  open();
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana Luz"));
}

TEST_F(FileBetStoreTest, InterruptionsWithoutEndAreAFailure) {
  open();
  disk_.fail(Op::kWrite, EINTR, FakeFileSystem::kForGood);
  EXPECT_EQ(append(*store_, 1, {"Ana"}), StoreError::kFailed);
}

TEST_F(FileBetStoreTest, VisitNoticesDamage) {
  open();
  append(*store_, 1, {"Ana"});
  append(*store_, 1, {"Luz"});
  damage(130);
  BatchLister lister;
  const auto failure = store_->visit(lister);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, StoreError::kDamaged);
  EXPECT_THAT(failure->message, HasSubstr("offset 64, record 1"));
  EXPECT_THAT(lister.seen, IsEmpty());
}

TEST_F(FileBetStoreTest, VisitNoticesThatTheLogWasReplaced) {
  open();
  append(*store_, 1, {"Ana"});
  FakeFileSystem other_disk;
  auto other = std::move(*FileBetStore::open(options_, log_, other_disk));
  append(*other, 1, {"Eva"});
  disk_.set_content(kLog, other_disk.content(kLog));
  EXPECT_THAT(bets_in(*store_),
              ElementsAre(HasSubstr("offset 0, header: damaged: the segment is of another log")));
}

}  // namespace
}  // namespace sorteo::test
