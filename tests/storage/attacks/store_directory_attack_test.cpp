// The directory of a store, whose maker was killed.

#include <gtest/gtest.h>

#include <cerrno>

#include "tests/storage/attacks/sample_store.hpp"

namespace sorteo::test {
namespace {

// The next program finds the directories, and cannot know whether their names are durable.
TEST(StoreDirectoryAttackTest, WhatIsStoredInADirectoryWhoseMakerWasKilledSurvivesAPowerCut) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SimulatedDisk disk(seed);
    FileStoreOptions options = tiny_segments();
    options.path = "var/bets";
    StoreDriver driver(disk, options);
    disk.kill_at_call(seed % 4 + 1);
    ASSERT_TRUE(driver.open());
    driver.crash();
    ASSERT_FALSE(driver.open());
    driver.append(1, {"Ana"});
    driver.pump_all();
    driver.cut_power();
    ASSERT_FALSE(driver.open()) << seed;
    ASSERT_EQ(driver.complaints(), "") << seed;
    ASSERT_EQ(driver.history().size(), 1U) << seed;
  }
}

TEST(StoreDirectoryAttackTest, ADirectoryAboveThatCannotBeSyncedIsNoHindrance) {
  for (const int error : {EACCES, EROFS, EINVAL}) {
    SimulatedDisk disk(DiskImage{{"var/other", ""}}, 0);
    FileStoreOptions options = tiny_segments();
    options.path = "var/bets";
    StoreDriver driver(disk, options);
    disk.fail_call(2, {error, false});
    EXPECT_FALSE(driver.open()) << error;
    EXPECT_EQ(disk.failed_call(), "sync_directory .");
  }
}

}  // namespace
}  // namespace sorteo::test
