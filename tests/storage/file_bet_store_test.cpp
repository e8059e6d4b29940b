#include "storage/file_bet_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "storage/stored_bets.hpp"
#include "tests/storage/fake_file_system.hpp"
#include "tests/storage/temp_directory.hpp"
#include "tests/storage/test_bets.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo::test {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Op = FakeFileSystem::Op;

constexpr char kLog[] = "var/bets/bets.log";
const boost::system::error_code kSuccess;

// A file store on a disk in memory.
class FileBetStoreTest : public ::testing::Test {
 protected:
  boost::system::result<std::unique_ptr<FileBetStore>, StoreFailure> try_open() {
    return FileBetStore::open(options_, log_, disk_);
  }

  void open() {
    store_.reset();
    auto store = try_open();
    ASSERT_TRUE(store.has_value()) << store.error().message;
    store_ = std::move(*store);
  }

  // What a crash of the program leaves, here and now, to the next one.
  void crash_and_open() {
    const std::string left = disk_.content(kLog);
    store_.reset();
    disk_.set_content(kLog, left);
    open();
  }

  void damage(std::size_t offset) {
    std::string bytes = disk_.content(kLog);
    bytes.at(offset) = static_cast<char>(bytes.at(offset) ^ 0x20);
    disk_.set_content(kLog, bytes);
  }

  FakeFileSystem disk_;
  RecordingLog log_;
  FileStoreOptions options_{"var/bets", Durability::kFsync, 64 * 1024 * 1024,
                            std::chrono::milliseconds(0)};
  std::unique_ptr<FileBetStore> store_;
};

TEST_F(FileBetStoreTest, KeepsBetsOverARestart) {
  open();
  append(*store_, 1, {"Ana", "Luz"});
  append(*store_, 2, {"Eva"});
  open();
  EXPECT_EQ(store_->recovered(), (StoreState{2, 3, {}, std::nullopt}));
  append(*store_, 1, {"Sol"});
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana Luz", "2: Eva", "1: Sol"));
}

TEST_F(FileBetStoreTest, KeepsFinishedAgenciesOverARestart) {
  open();
  finish(*store_, 3);
  finish(*store_, 1);
  open();
  EXPECT_THAT(store_->recovered().finished, ElementsAre(3, 1));
  EXPECT_EQ(append(*store_, 1, {"Ana"}), StoreError::kAgencyFinished);
  EXPECT_EQ(finish(*store_, 1), kSuccess);
}

TEST_F(FileBetStoreTest, KeepsTheDrawOverARestart) {
  open();
  hold_draw(*store_, 7574);
  open();
  EXPECT_EQ(store_->recovered().winning_number, 7574U);
  EXPECT_EQ(append(*store_, 1, {"Ana"}), StoreError::kDrawHeld);
  EXPECT_EQ(hold_draw(*store_, 7574), kSuccess);
  EXPECT_EQ(hold_draw(*store_, 1), StoreError::kDrawHeld);
}

TEST_F(FileBetStoreTest, KeepsBetsOverACrash) {
  open();
  append(*store_, 1, {"Ana"});
  crash_and_open();
  append(*store_, 1, {"Luz"});
  crash_and_open();
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana", "1: Luz"));
}

TEST_F(FileBetStoreTest, AcknowledgedBetsAreOnTheDisk) {
  open();
  append(*store_, 1, {"Ana"});
  disk_.set_content(kLog, disk_.durable_content(kLog));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
}

TEST_F(FileBetStoreTest, SaysOnceWhatItOpened) {
  open();
  EXPECT_TRUE(log_.contains(
      "action: store_open | result: success | path: var/bets | durability: fsync | batches: 0"));
}

// Recovery.

TEST_F(FileBetStoreTest, CutsOffATornTailWithAWarning) {
  open();
  append(*store_, 1, {"Ana"});
  const std::string whole = disk_.content(kLog);
  append(*store_, 2, {"Eva"});
  const std::string torn = disk_.content(kLog).substr(0, whole.size() + 20);
  store_.reset();
  disk_.set_content(kLog, torn);
  open();
  EXPECT_TRUE(
      log_.contains("action: store_cut_torn_tail | result: success | path: " + std::string(kLog) +
                    " | offset: " + std::to_string(whole.size()) + " | bytes: 20"));
  EXPECT_TRUE(disk_.durable_content(kLog).starts_with(whole));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
}

TEST_F(FileBetStoreTest, GoesOnAfterATornTail) {
  open();
  append(*store_, 1, {"Ana"});
  store_.reset();
  disk_.set_content(kLog, disk_.content(kLog) + "torn");
  open();
  append(*store_, 1, {"Luz"});
  open();
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana", "1: Luz"));
}

TEST_F(FileBetStoreTest, DamageIsAnErrorAndChangesNothing) {
  open();
  append(*store_, 1, {"Ana"});
  append(*store_, 1, {"Luz"});
  store_.reset();
  damage(100);
  const std::string before = disk_.content(kLog);
  const auto store = try_open();
  ASSERT_TRUE(store.has_error());
  EXPECT_EQ(store.error().code, StoreError::kDamaged);
  EXPECT_THAT(store.error().message, HasSubstr("var/bets/bets.log, offset 32, record 1: damaged"));
  EXPECT_EQ(disk_.content(kLog), before);
}

TEST_F(FileBetStoreTest, DamageToTheLastBatchIsNoticedAfterAClose) {
  open();
  append(*store_, 1, {"Ana"});
  store_->close();
  damage(100);
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

TEST_F(FileBetStoreTest, DamageToTheLastBatchIsNoticedAfterAnOpening) {
  open();
  append(*store_, 1, {"Ana"});
  crash_and_open();
  crash_and_open();
  store_.reset();
  damage(100);
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

TEST_F(FileBetStoreTest, DamageToTheLastBatchIsNoticedAfterAQuietTime) {
  options_.idle_mark = std::chrono::milliseconds(1);
  open();
  append(*store_, 1, {"Ana"});
  const std::size_t size = disk_.content(kLog).size();
  for (int i = 0; i < 10'000 && disk_.content(kLog).size() == size; ++i) {
    std::this_thread::yield();
  }
  disk_.fail(Op::kWrite, EIO);  // so that closing writes no mark
  store_.reset();
  damage(100);
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

TEST_F(FileBetStoreTest, OpeningAgainAndAgainAddsNothing) {
  open();
  append(*store_, 1, {"Ana"});
  open();
  const std::string bytes = disk_.content(kLog);
  open();
  open();
  EXPECT_EQ(disk_.content(kLog), bytes);
}

TEST_F(FileBetStoreTest, WhatIsFoundOnOpeningIsMadeDurable) {
  options_.durability = Durability::kOs;
  open();
  append(*store_, 1, {"Ana"});
  disk_.fail(Op::kSync, EIO);
  store_.reset();
  ASSERT_LT(disk_.durable_content(kLog).size(), disk_.content(kLog).size());
  open();
  FakeFileSystem after_power_cut;
  after_power_cut.set_content(kLog, disk_.durable_content(kLog));
  BatchLister lister;
  EXPECT_TRUE(read_store(after_power_cut, "var/bets", &lister).has_value());
  EXPECT_THAT(lister.seen, ElementsAre("1: Ana"));
}

TEST_F(FileBetStoreTest, ShortHeaderIsDamage) {
  disk_.set_content(kLog, "\xFESORTEO");
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

TEST_F(FileBetStoreTest, DraftOfALogIsNoLog) {
  disk_.set_content("var/bets/bets.log.new", "\xFESORT");
  open();
  append(*store_, 1, {"Ana"});
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
  EXPECT_FALSE(disk_.exists("var/bets/bets.log.new"));
}

TEST_F(FileBetStoreTest, NewLogIsDurableWithItsName) {
  open();
  EXPECT_EQ(disk_.durable_content(kLog).size(), 32U);
  EXPECT_EQ(disk_.count(Op::kSyncDirectory), 3U);  // var, bets and bets.log appeared
}

TEST_F(FileBetStoreTest, OpensOnAFullDisk) {
  open();
  append(*store_, 1, {"Ana"});
  const std::string bytes = disk_.content(kLog);
  store_.reset();
  disk_.set_content(kLog, bytes);
  disk_.limit_to(bytes.size());
  open();
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
  EXPECT_EQ(append(*store_, 1, {"Luz"}), StoreError::kFull);
}

// Group commit.

TEST_F(FileBetStoreTest, ManyBatchesShareOneSync) {
  open();
  Outcomes outcomes;
  disk_.hold_syncs();
  store_->append(TestBatch(1, {"Ana"}).view(), outcomes.completion());
  disk_.await_held_sync();
  const std::size_t writes = disk_.count(Op::kWrite);
  const std::size_t syncs = disk_.count(Op::kSync);
  for (int i = 0; i < 1000; ++i) {
    store_->append(TestBatch(1, {"Luz"}).view(), outcomes.completion());
  }
  disk_.let_syncs_go();
  ASSERT_TRUE(outcomes.await(1001));
  EXPECT_EQ(disk_.count(Op::kWrite), writes + 1);
  EXPECT_EQ(disk_.count(Op::kSync), syncs + 1);
}

TEST_F(FileBetStoreTest, NothingIsCalledBackBeforeItsSync) {
  open();
  Outcomes outcomes;
  disk_.hold_syncs();
  store_->append(TestBatch(1, {"Ana"}).view(), outcomes.completion());
  store_->record_finish(1, outcomes.completion());
  disk_.await_held_sync();
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
  store_->close();
  EXPECT_EQ(disk_.durable_content(kLog), disk_.content(kLog));
  EXPECT_GT(disk_.count(Op::kSync), syncs);
}

TEST_F(FileBetStoreTest, FinishAskedTwiceIsCalledBackTwiceAfterTheSync) {
  open();
  Outcomes outcomes;
  disk_.hold_syncs();
  store_->record_finish(1, outcomes.completion("first"));
  disk_.await_held_sync();
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
  disk_.await_held_sync();
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
  store_->close();
  int lines = 0;
  for (const auto& line : log_.lines()) {
    lines += line.level == LogLevel::kError ? 1 : 0;
  }
  EXPECT_EQ(lines, 1);
  EXPECT_TRUE(log_.contains("cannot sync: Input/output error"));
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

// One store, one process.

TEST_F(FileBetStoreTest, SecondStoreInTheSameDirectoryIsRefused) {
  open();
  const auto second = try_open();
  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error().code, StoreError::kLocked);
  EXPECT_THAT(second.error().message, HasSubstr("var/bets"));
}

TEST_F(FileBetStoreTest, ClosedStoreLetsTheNextOneIn) {
  open();
  store_->close();
  EXPECT_TRUE(try_open().has_value());
}

TEST_F(FileBetStoreTest, StoreThatCouldNotBeOpenedIsNotLocked) {
  disk_.set_content(kLog, "this is no log");
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

}  // namespace
}  // namespace sorteo::test
