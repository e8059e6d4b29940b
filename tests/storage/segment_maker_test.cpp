#include "storage/segment_maker.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "storage/segment_pace.hpp"
#include "tests/storage/fake_file_system.hpp"

namespace sorteo::test {
namespace {

using Op = FakeFileSystem::Op;

constexpr std::uint64_t kFirst = File::kBlock;
constexpr char kPath[] = "log/next.new";

class SegmentMakerTest : public testing::Test {
 protected:
  SegmentMakerTest() { disk_.let_bypass_cache(); }

  void expect_zeros(std::size_t size) const {
    EXPECT_TRUE(disk_.durable_content(kPath) == std::string(size, '\0'));
  }

  FakeFileSystem disk_;
  Background background_{false};
  SegmentMaker maker_{disk_, "log", {kFirst, 4 * kFirst}, background_};
};

TEST_F(SegmentMakerTest, WritesWhatIsMadeAhead) {
  maker_.prepare_after(kFirst);
  const auto taken = maker_.take(kFirst, 1);
  ASSERT_TRUE(taken.has_value());
  EXPECT_EQ(taken->capacity, 2 * kFirst);
  EXPECT_EQ(disk_.count(Op::kAllocate), 0U);
  expect_zeros(2 * kFirst);
}

TEST_F(SegmentMakerTest, OnlyAllocatesWhatIsNeededAtOnce) {
  const auto taken = maker_.take(kFirst, 1);
  ASSERT_TRUE(taken.has_value());
  EXPECT_EQ(taken->capacity, 2 * kFirst);
  EXPECT_EQ(disk_.count(Op::kWrite), 0U);
  expect_zeros(2 * kFirst);
}

TEST_F(SegmentMakerTest, WritesAheadAgainBehindOneThatWasAllocated) {
  ASSERT_TRUE(maker_.take(kFirst, 1).has_value());
  maker_.prepare_after(2 * kFirst);
  EXPECT_EQ(disk_.count(Op::kAllocate), 1U);
  EXPECT_GT(disk_.count(Op::kWrite), 0U);
}

TEST_F(SegmentMakerTest, WritesWhatTheFileSystemCannotAllocate) {
  for (const int error : {EOPNOTSUPP, EINTR}) {
    disk_.fail(Op::kAllocate, error);
    const std::size_t writes = disk_.count(Op::kWrite);
    ASSERT_TRUE(maker_.take(kFirst, 1).has_value());
    EXPECT_GT(disk_.count(Op::kWrite), writes);
    expect_zeros(2 * kFirst);
  }
}

TEST_F(SegmentMakerTest, WritesWhatDoesNotBypassTheCache) {
  const std::uint64_t odd = kFirst + 1;
  FakeFileSystem disk;
  SegmentMaker maker(disk, "log", {odd, odd}, background_);
  ASSERT_TRUE(maker.take(odd, 1).has_value());
  EXPECT_EQ(disk.count(Op::kAllocate), 0U);
  EXPECT_GT(disk.count(Op::kWrite), 0U);
}

TEST_F(SegmentMakerTest, TriesASmallOneWhereTheOtherHasNoRoom) {
  disk_.limit_to(kFirst);
  const auto taken = maker_.take(kFirst, 1);
  ASSERT_TRUE(taken.has_value());
  EXPECT_EQ(taken->capacity, kFirst);
}

TEST_F(SegmentMakerTest, LeavesNothingWhereThereIsNoRoom) {
  disk_.limit_to(kFirst - 1);
  const auto taken = maker_.take(kFirst, 1);
  ASSERT_TRUE(taken.has_error());
  EXPECT_TRUE(taken.error().may_succeed_later);
  EXPECT_FALSE(disk_.exists(kPath));
}

TEST_F(SegmentMakerTest, SegmentThatCannotBeSyncedIsNone) {
  disk_.fail(Op::kSync, EIO);
  const auto taken = maker_.take(kFirst, 1);
  ASSERT_TRUE(taken.has_error());
  EXPECT_EQ(taken.error().error.value(), EIO);
  EXPECT_FALSE(taken.error().may_succeed_later);
}

// How many segments are only allocated before the next one that is written.
int pause_in(SegmentPace& pace) {
  int count = 0;
  while (count < 100 && !pace.next_is_written()) {
    pace.note_need(false);
    ++count;
  }
  return count;
}

TEST(SegmentPaceTest, WritesWhileNoneIsLate) {
  SegmentPace pace;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(pace.next_is_written());
    pace.note_need(false);
  }
}

TEST(SegmentPaceTest, PausesLongerTheMoreOftenOneIsLate) {
  SegmentPace pace;
  EXPECT_TRUE(pace.next_is_written());
  for (const int pause : {1, 3, 7, 7}) {
    pace.note_need(true);
    EXPECT_EQ(pause_in(pace), pause);
  }
}

TEST(SegmentPaceTest, ForgetsWhatWasLateOnceOneIsInTime) {
  SegmentPace pace;
  EXPECT_TRUE(pace.next_is_written());
  pace.note_need(true);
  EXPECT_EQ(pause_in(pace), 1);
  pace.note_need(false);
  EXPECT_TRUE(pace.next_is_written());
  pace.note_need(true);
  EXPECT_EQ(pause_in(pace), 1);
}

}  // namespace
}  // namespace sorteo::test
