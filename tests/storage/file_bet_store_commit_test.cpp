// How changes share the way to the disk.

#include "storage/file_bet_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/file_bet_store_fixture.hpp"

namespace sorteo::test {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Op = FakeFileSystem::Op;

TEST_F(FileBetStoreTest, ManyBatchesShareOneSync) {
  options_.segments = {1024 * 1024, 1024 * 1024};
  open();
  Outcomes outcomes;
  disk_.hold_syncs();
  store_->append(TestBatch(1, {"Ana"}).view(), outcomes.completion());
  ASSERT_TRUE(disk_.await_held_sync());
  const std::size_t writes = disk_.count(Op::kWrite);
  const std::size_t syncs = disk_.count(Op::kSync);
  for (int i = 0; i < 1000; ++i) {
    store_->append(TestBatch(1, {"Luz"}).view(), outcomes.completion());
  }
  disk_.let_syncs_go();
  ASSERT_TRUE(outcomes.await(1001));
  // One write of the records, and one of the witness after each sync.
  EXPECT_EQ(disk_.count(Op::kWrite), writes + 3);
  EXPECT_EQ(disk_.count(Op::kSync), syncs + 1);
}

TEST_F(FileBetStoreTest, NothingIsCalledBackBeforeItsSync) {
  open();
  Outcomes outcomes;
  disk_.hold_syncs();
  store_->append(TestBatch(1, {"Ana"}).view(), outcomes.completion());
  store_->record_finish(1, outcomes.completion());
  ASSERT_TRUE(disk_.await_held_sync());
  EXPECT_EQ(outcomes.count(), 0U);
  EXPECT_THAT(bets_in(*store_), IsEmpty());
  disk_.let_syncs_go();
  EXPECT_TRUE(outcomes.await(2));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
}

TEST_F(FileBetStoreTest, CallsBackInTheOrderOfTheLog) {
  open();
  Outcomes outcomes;
  std::vector<std::string> names;
  for (int i = 0; i < 500; ++i) {
    names.push_back(std::to_string(i));
    store_->append(TestBatch(1, {names.back()}).view(), outcomes.completion(names.back()));
  }
  ASSERT_TRUE(outcomes.await(500));
  EXPECT_EQ(outcomes.names(), names);
}

TEST_F(FileBetStoreTest, SyncsOnlyAtTheEndWhenTheSystemIsTrusted) {
  options_.durability = Durability::kOs;
  open();
  const std::size_t syncs = disk_.count(Op::kSync);
  EXPECT_EQ(append(*store_, 1, {"Ana"}), kSuccess);
  EXPECT_EQ(disk_.count(Op::kSync), syncs);
  EXPECT_FALSE(store_->close());
  EXPECT_EQ(disk_.durable_content(kLog), disk_.content(kLog));
  EXPECT_GT(disk_.count(Op::kSync), syncs);
}

TEST_F(FileBetStoreTest, SyncsWithinTheIntervalThoughNothingComes) {
  options_.durability = Durability::kInterval;
  options_.sync_interval = std::chrono::milliseconds(1);
  open();
  const std::size_t syncs = disk_.count(Op::kSync);
  EXPECT_EQ(append(*store_, 1, {"Ana"}), kSuccess);
  EXPECT_TRUE(disk_.await_count(Op::kSync, syncs + 1));
}

TEST_F(FileBetStoreTest, AcknowledgesBeforeTheSyncWithinTheInterval) {
  options_.durability = Durability::kInterval;
  options_.sync_interval = std::chrono::hours(1);
  open();
  const std::size_t syncs = disk_.count(Op::kSync);
  EXPECT_EQ(append(*store_, 1, {"Ana"}), kSuccess);
  EXPECT_EQ(append(*store_, 1, {"Luz"}), kSuccess);
  EXPECT_EQ(disk_.count(Op::kSync), syncs);
}

TEST_F(FileBetStoreTest, WithoutAThreadOfItsOwnCommitsWhenItIsPumped) {
  options_.own_thread = false;
  open();
  Outcomes outcomes;
  store_->append(TestBatch(1, {"Ana"}).view(), outcomes.completion());
  store_->append(TestBatch(1, {"Luz"}).view(), outcomes.completion());
  EXPECT_EQ(outcomes.count(), 0U);
  EXPECT_TRUE(store_->pump());
  EXPECT_THAT(outcomes.errors(), ElementsAre(kSuccess, kSuccess));
  EXPECT_FALSE(store_->pump());
}

TEST_F(FileBetStoreTest, WithoutAThreadOfItsOwnCompletesBeforeItHasClosed) {
  options_.own_thread = false;
  open();
  Outcomes outcomes;
  store_->append(TestBatch(1, {"Ana"}).view(), outcomes.completion());
  EXPECT_FALSE(store_->close());
  EXPECT_THAT(outcomes.errors(), ElementsAre(kSuccess));
}

TEST_F(FileBetStoreTest, FinishAskedTwiceIsCalledBackTwiceAfterTheSync) {
  open();
  Outcomes outcomes;
  disk_.hold_syncs();
  store_->record_finish(1, outcomes.completion("first"));
  ASSERT_TRUE(disk_.await_held_sync());
  store_->record_finish(1, outcomes.completion("second"));
  EXPECT_EQ(outcomes.count(), 0U);
  disk_.let_syncs_go();
  ASSERT_TRUE(outcomes.await(2));
  EXPECT_THAT(outcomes.names(), ElementsAre("first", "second"));
  EXPECT_THAT(outcomes.errors(), Each(kSuccess));
}

TEST_F(FileBetStoreTest, RefusesMoreThanMayWait) {
  options_.max_waiting_bytes = 1000;
  open();
  Outcomes outcomes;
  disk_.hold_syncs();
  store_->append(TestBatch(1, {"Ana"}).view(), outcomes.completion());
  ASSERT_TRUE(disk_.await_held_sync());
  for (int i = 0; i < 20; ++i) {
    store_->append(TestBatch(1, {"Luz"}).view(), outcomes.completion());
  }
  ASSERT_GT(outcomes.count(), 10U);
  EXPECT_THAT(outcomes.errors(), Each(make_error_code(StoreError::kBusy)));
  disk_.let_syncs_go();
  ASSERT_TRUE(outcomes.await(21));
  EXPECT_EQ(append(*store_, 1, {"Sol"}), kSuccess);
}

TEST_F(FileBetStoreTest, OneBatchOverWhatMayWaitIsTaken) {
  options_.max_waiting_bytes = 1;
  open();
  EXPECT_EQ(append(*store_, 1, {"Ana"}), kSuccess);
}

}  // namespace
}  // namespace sorteo::test
