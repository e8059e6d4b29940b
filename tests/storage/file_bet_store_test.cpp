#include "storage/file_bet_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/file_bet_store_fixture.hpp"

namespace sorteo::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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

TEST_F(FileBetStoreTest, LogsNothingWhileAllIsWell) {
  open();
  append(*store_, 1, {"Ana"});
  open();
  EXPECT_THAT(log_.texts(), IsEmpty());
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
  EXPECT_FALSE(store_->close());
  EXPECT_TRUE(try_open().has_value());
}

TEST_F(FileBetStoreTest, StoreThatCouldNotBeOpenedIsNotLocked) {
  disk_.set_content(kLog, std::string(kSmallSegment, 'x'));
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
  EXPECT_EQ(try_open().error().code, StoreError::kDamaged);
}

}  // namespace
}  // namespace sorteo::test
