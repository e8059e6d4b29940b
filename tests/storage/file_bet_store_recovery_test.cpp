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

TEST_F(FileBetStoreTest, MovesATornTailIntoAFileOfItsOwnWithAWarning) {
  open();
  append(*store_, 1, {"Ana"});
  auto left = disk_.contents();
  const std::string whole = log_bytes();
  append(*store_, 2, {"Eva"});
  const std::string tail = log_bytes().substr(whole.size(), 68);
  left[kLog].replace(whole.size(), tail.size(), tail);
  store_.reset();
  disk_.set_contents(left);
  open();
  const std::string kept = "var/bets/cut-" + std::to_string(whole.size()) + "-1";
  EXPECT_TRUE(log_.contains(
      "action: store_cut_torn_tail | result: success | path: " + std::string(kLog) +
      " | offset: " + std::to_string(whole.size()) + " | bytes: 68 | kept_in: " + kept));
  EXPECT_EQ(disk_.durable_content(kept), tail);
  EXPECT_EQ(log_bytes(), whole);
  EXPECT_EQ(disk_.durable_content(kLog), disk_.content(kLog));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
}

TEST_F(FileBetStoreTest, GoesOnAfterATornTail) {
  open();
  append(*store_, 1, {"Ana"});
  auto left = disk_.contents();
  left[kLog].replace(log_bytes().size(), 4, "torn");
  store_.reset();
  disk_.set_contents(left);
  open();
  append(*store_, 1, {"Luz"});
  open();
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana", "1: Luz"));
}

TEST_F(FileBetStoreTest, SecondTornTailLeavesTheFirstWhereItIs) {
  open();
  for (const std::string tail : {"torn", "again"}) {
    auto left = disk_.contents();
    left[kLog].replace(log_bytes().size(), tail.size(), tail);
    store_.reset();
    disk_.set_contents(left);
    open();
  }
  EXPECT_EQ(disk_.content("var/bets/cut-64-1"), "torn");
  EXPECT_EQ(disk_.content("var/bets/cut-64-2"), "again");
}

TEST_F(FileBetStoreTest, DamageIsAnErrorAndChangesNothing) {
  open();
  append(*store_, 1, {"Ana"});
  append(*store_, 1, {"Luz"});
  store_.reset();
  damage(130);
  const auto before = disk_.contents();
  const auto store = try_open();
  ASSERT_TRUE(store.has_error());
  EXPECT_EQ(store.error().code, StoreError::kDamaged);
  EXPECT_THAT(store.error().message,
              HasSubstr("var/bets/bets-0000000001.log, offset 64, record 1: damaged"));
  EXPECT_EQ(disk_.contents(), before);
}

TEST_F(FileBetStoreTest, DamageToTheLastBatchIsNoticedAfterAClose) {
  open();
  append(*store_, 1, {"Ana"});
  EXPECT_FALSE(store_->close());
  damage(130);
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

TEST_F(FileBetStoreTest, DamageToTheLastBatchIsNoticedAfterAnOpening) {
  open();
  append(*store_, 1, {"Ana"});
  crash_and_open();
  crash();
  damage(130);
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

TEST_F(FileBetStoreTest, DamageToTheLastBatchIsNoticedAfterACrash) {
  open();
  append(*store_, 1, {"Ana"});
  crash();
  damage(130);
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

TEST_F(FileBetStoreTest, LostEndIsNoticedAfterACrash) {
  open();
  append(*store_, 1, {"Ana"});
  const std::string shorter = disk_.content(kLog);
  append(*store_, 1, {"Luz"});
  crash();
  disk_.set_content(kLog, shorter);
  const auto store = try_open();
  ASSERT_TRUE(store.has_error());
  EXPECT_EQ(store.error().code, StoreError::kDamaged);
  EXPECT_THAT(store.error().message, HasSubstr("says var/bets/durable"));
}

TEST_F(FileBetStoreTest, AnyByteBehindTheEndIsNoticedAfterAClose) {
  open();
  append(*store_, 1, {"Ana"});
  EXPECT_FALSE(store_->close());
  damage(kSmallSegment - 1);
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

TEST_F(FileBetStoreTest, OpenLogIsNoClosedLogAfterItsFirstOpening) {
  open();
  append(*store_, 1, {"Ana"});
  open();
  const auto opened = disk_.contents();
  append(*store_, 1, {"Luz"});
  // Power is lost: the batch is on the disk, what the witness says of it is not.
  auto left = disk_.contents();
  left["var/bets/durable"] = opened.at("var/bets/durable");
  store_.reset();
  disk_.set_contents(left);
  open();
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana", "1: Luz"));
}

TEST_F(FileBetStoreTest, MissingWitnessIsSaid) {
  open();
  append(*store_, 1, {"Ana"});
  store_.reset();
  disk_.remove("var/bets/durable");
  open();
  EXPECT_TRUE(log_.contains("no testimony was found"));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
}

TEST_F(FileBetStoreTest, WitnessOfAnotherLogIsDamage) {
  open();
  store_.reset();
  FakeFileSystem other_disk;
  FileBetStore::open(options_, log_, other_disk)->reset();
  disk_.set_content("var/bets/durable", other_disk.content("var/bets/durable"));
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

TEST_F(FileBetStoreTest, LogThatIsGoneIsDamage) {
  open();
  store_.reset();
  disk_.remove(kLog);
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

TEST_F(FileBetStoreTest, LogOfTheOldFormatIsRefused) {
  disk_.set_content("var/bets/bets.log", "\xFESORTEO\n");
  const auto store = try_open();
  ASSERT_TRUE(store.has_error());
  EXPECT_THAT(store.error().message, HasSubstr("var/bets/bets.log: a log of a format"));
  EXPECT_FALSE(disk_.exists(kLog));
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
  ASSERT_NE(disk_.durable_content(kLog), disk_.content(kLog));
  open();
  FakeFileSystem after_power_cut;
  after_power_cut.set_contents(disk_.durable_contents());
  BatchLister lister;
  EXPECT_TRUE(read_store(after_power_cut, "var/bets", &lister).has_value());
  EXPECT_THAT(lister.seen, ElementsAre("1: Ana"));
}

TEST_F(FileBetStoreTest, ShortHeaderIsDamage) {
  disk_.set_content(kLog, "\xFESORTEO");
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

TEST_F(FileBetStoreTest, DraftOfALogIsNoLog) {
  disk_.set_content("var/bets/next.new", std::string(kSmallSegment, '\0'));
  open();
  append(*store_, 1, {"Ana"});
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
  EXPECT_FALSE(disk_.exists("var/bets/next.new"));
}

TEST_F(FileBetStoreTest, SegmentThatDidNotGetItsNameIsKeptBesideTheLog) {
  open();
  store_.reset();
  std::string unnamed(kSmallSegment, '\0');
  unnamed.replace(0, 100, 100, 'x');
  disk_.set_content("var/bets/next.new", unnamed);
  open();
  // Whole, and so without a copy, for which a full disk would have no room.
  EXPECT_EQ(disk_.content("var/bets/cut-64-1"), unnamed);
  EXPECT_FALSE(disk_.exists("var/bets/next.new"));
}

TEST_F(FileBetStoreTest, WitnessThatIsLongerThanAWitnessIsNotSoundAndNotReadWhole) {
  open();
  append(*store_, 1, {"Ana"});
  store_.reset();
  disk_.set_content("var/bets/durable",
                    disk_.content("var/bets/durable") + std::string(1'000'000, 'x'));
  open();
  EXPECT_TRUE(log_.contains("a testimony is not sound"));
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
}

TEST_F(FileBetStoreTest, NewLogIsDurableWithItsName) {
  open();
  EXPECT_EQ(disk_.durable_content(kLog).size(), kSmallSegment);
  // var, bets, the log and the witness appeared; and the log is made durable with every opening.
  EXPECT_EQ(disk_.count(Op::kSyncDirectory), 5U);
}

TEST_F(FileBetStoreTest, LogThatWasPutInPlaceByAKilledProcessIsMadeDurableWithItsName) {
  open();
  store_.reset();
  const std::size_t syncs = disk_.count(Op::kSyncDirectory);
  disk_.fail(Op::kMakeDirectory, EEXIST, FakeFileSystem::kForGood);
  open();
  // The store's directory, and those above it.
  EXPECT_EQ(disk_.count(Op::kSyncDirectory), syncs + 3);
}

TEST_F(FileBetStoreTest, OpensOnAFullDisk) {
  open();
  append(*store_, 1, {"Ana"});
  store_.reset();
  disk_.limit_to(0);
  open();
  EXPECT_THAT(bets_in(*store_), ElementsAre("1: Ana"));
  // What was made ahead is still there to be written.
  EXPECT_EQ(append(*store_, 1, {"Luz"}), kSuccess);
}

TEST_F(FileBetStoreTest, OpensWithoutAWitnessOnAFullDisk) {
  open();
  append(*store_, 1, {"Ana"});
  store_.reset();
  disk_.remove("var/bets/durable");
  disk_.limit_to(0);
  open();
  EXPECT_EQ(append(*store_, 1, {"Luz"}), kSuccess);
}

}  // namespace
}  // namespace sorteo::test
