// Disks that are full, and disks that fail.

#include "storage/file_bet_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "tests/storage/file_bet_store_fixture.hpp"

namespace sorteo::test {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Op = FakeFileSystem::Op;

// A disk that is full.

TEST_F(FileBetStoreTest, FullDiskStoresNothingOfAGroup) {
  open();
  append(*store_, 1, {"Ana"});
  const std::string before = disk_.content(kLog);
  disk_.limit_to(before.size() + 50);
  EXPECT_EQ(append(*store_, 1, {"Luz"}), StoreError::kFull);
  EXPECT_EQ(disk_.durable_content(kLog), before);
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
}

TEST_F(FileBetStoreTest, GroupThatFoundNoRoomIsGoneForGood) {
  open();
  append(*store_, 1, {"Ana"});
  const std::string before = disk_.content(kLog);
  disk_.write_through();
  disk_.limit_to(before.size() + 50);
  EXPECT_EQ(append(*store_, 1, {"Luz"}), StoreError::kFull);
  EXPECT_EQ(disk_.durable_content(kLog), before);
}

TEST_F(FileBetStoreTest, GoesOnWhenTheDiskHasRoomAgain) {
  open();
  append(*store_, 1, {"Ana"});
  disk_.limit_to(disk_.content(kLog).size() + 50);
  append(*store_, 1, {"Luz"});
  append(*store_, 1, {"Luz"});
  disk_.limit_to(1'000'000);
  EXPECT_EQ(append(*store_, 1, {"Sol"}), kSuccess);
  open();
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana", "1: Sol"));
}

TEST_F(FileBetStoreTest, SaysOnceThatTheDiskIsFullAndOnceThatItHasRoom) {
  open();
  disk_.limit_to(disk_.content(kLog).size());
  append(*store_, 1, {"Ana"});
  append(*store_, 1, {"Ana"});
  disk_.limit_to(1'000'000);
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

TEST_F(FileBetStoreTest, QuotaIsAFullDisk) {
  open();
  disk_.fail(Op::kWrite, EDQUOT);
  EXPECT_EQ(append(*store_, 1, {"Ana"}), StoreError::kFull);
  EXPECT_EQ(append(*store_, 1, {"Ana"}), kSuccess);
}

TEST_F(FileBetStoreTest, FinishAndDrawThatFoundNoRoomAreTakenBack) {
  open();
  disk_.limit_to(disk_.content(kLog).size());
  EXPECT_EQ(finish(*store_, 1), StoreError::kFull);
  EXPECT_EQ(hold_draw(*store_, 7574), StoreError::kFull);
  disk_.limit_to(1'000'000);
  EXPECT_EQ(append(*store_, 1, {"Ana"}), kSuccess);
  EXPECT_EQ(finish(*store_, 1), kSuccess);
  EXPECT_EQ(hold_draw(*store_, 1), kSuccess);
  open();
  EXPECT_EQ(store_->recovered(), (StoreState{1, 1, {1}, 1}));
}

TEST_F(FileBetStoreTest, FinishAskedTwiceFailsTwice) {
  open();
  Outcomes outcomes;
  disk_.hold_syncs();
  store_->append(TestBatch(2, {"Ana"}).view(), outcomes.completion());
  disk_.await_held_sync();
  store_->record_finish(1, outcomes.completion());
  store_->record_finish(1, outcomes.completion());
  disk_.limit_to(disk_.content(kLog).size());
  disk_.let_syncs_go();
  ASSERT_TRUE(outcomes.await(3));
  EXPECT_THAT(outcomes.errors(), ElementsAre(kSuccess, StoreError::kFull, StoreError::kFull));
}

TEST_F(FileBetStoreTest, FullDiskThatCannotBeTidiedUpFails) {
  open();
  disk_.limit_to(disk_.content(kLog).size() + 10);
  disk_.fail(Op::kTruncate, EIO);
  EXPECT_EQ(append(*store_, 1, {"Ana"}), StoreError::kFailed);
  disk_.limit_to(1'000'000);
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
  EXPECT_THAT(failure->message, HasSubstr("var/bets/bets.log: cannot write: Input/output error"));
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
  disk_.await_held_sync();
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
  damage(100);
  BatchLister lister;
  const auto failure = store_->visit(lister);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, StoreError::kDamaged);
  EXPECT_THAT(failure->message, HasSubstr("offset 32, record 1"));
  EXPECT_THAT(lister.seen, IsEmpty());
}

TEST_F(FileBetStoreTest, VisitNoticesThatTheLogWasReplaced) {
  open();
  append(*store_, 1, {"Ana"});
  FakeFileSystem other_disk;
  auto other = std::move(*FileBetStore::open(options_, log_, other_disk));
  append(*other, 1, {"Eva"});
  disk_.set_content(kLog, other_disk.content(kLog));
  EXPECT_THAT(bets_in(*store_), ElementsAre(HasSubstr("offset 0, header: damaged: another log")));
}

}  // namespace
}  // namespace sorteo::test
