// What a store makes of what it finds on opening.

#include "storage/file_bet_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "storage/stored_bets.hpp"
#include "tests/storage/file_bet_store_fixture.hpp"

namespace sorteo::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Op = FakeFileSystem::Op;

TEST_F(FileBetStoreTest, CutsOffATornTailWithAWarning) {
  open();
  append(*store_, 1, {"Ana"});
  const std::string whole = disk_.content(kLog);
  append(*store_, 2, {"Eva"});
  const std::string torn = disk_.content(kLog).substr(0, whole.size() + 70);
  store_.reset();
  disk_.set_content(kLog, torn);
  open();
  EXPECT_TRUE(
      log_.contains("action: store_cut_torn_tail | result: success | path: " + std::string(kLog) +
                    " | offset: " + std::to_string(whole.size()) + " | bytes: 70"));
  EXPECT_EQ(disk_.durable_content(kLog), whole);
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
  EXPECT_FALSE(store_->close());
  damage(100);
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

TEST_F(FileBetStoreTest, DamageToTheLastBatchIsNoticedAfterAnOpening) {
  open();
  append(*store_, 1, {"Ana"});
  crash_and_open();
  crash();
  damage(100);
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

TEST_F(FileBetStoreTest, DamageToTheLastBatchIsNoticedAfterAQuietTime) {
  options_.idle_mark = std::chrono::milliseconds(1);
  open();
  const std::size_t writes = disk_.count(Op::kWrite);
  append(*store_, 1, {"Ana"});
  ASSERT_TRUE(disk_.await_count(Op::kWrite, writes + 2));  // the batch and the mark
  crash();
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

TEST_F(FileBetStoreTest, LogThatWasPutInPlaceByAKilledProcessIsMadeDurableWithItsName) {
  open();
  store_.reset();
  const std::size_t syncs = disk_.count(Op::kSyncDirectory);
  disk_.fail(Op::kMakeDirectory, EEXIST, FakeFileSystem::kForGood);
  open();
  EXPECT_EQ(disk_.count(Op::kSyncDirectory), syncs + 1);
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

}  // namespace
}  // namespace sorteo::test
