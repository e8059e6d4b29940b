#include "apps/common/line_queue.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace sorteo {
namespace {

class LineQueueTest : public testing::Test {
 protected:
  LineQueueTest() : queue_(3 * LineQueue::kBlockBytes) {}

  // A third of a block, which names itself.
  static std::string large_line(int number) {
    std::string line = std::to_string(number);
    return line.append(LineQueue::kBlockBytes / 3 - line.size() - 1, '.') + '\n';
  }

  LineQueue queue_;
  LineQueue::Block block_;
};

TEST_F(LineQueueTest, LinesThatWaitAreTakenTogetherInTheirOrder) {
  queue_.push("first\n");
  queue_.push("second\n");
  ASSERT_TRUE(queue_.take(block_));
  EXPECT_EQ(block_.text, "first\nsecond\n");
  EXPECT_EQ(block_.lines, 2U);
  EXPECT_EQ(block_.lost_lines, 0U);
}

TEST_F(LineQueueTest, WhatWasTakenIsNotTakenAgain) {
  queue_.push("first\n");
  ASSERT_TRUE(queue_.take(block_));
  queue_.push("second\n");
  ASSERT_TRUE(queue_.take(block_));
  EXPECT_EQ(block_.text, "second\n");
}

TEST_F(LineQueueTest, BlocksHoldWholeLinesUpToTheirSize) {
  for (int line = 0; line < 4; ++line) {
    queue_.push(large_line(line));
  }
  ASSERT_TRUE(queue_.take(block_));
  EXPECT_EQ(block_.text, large_line(0) + large_line(1) + large_line(2));
  ASSERT_TRUE(queue_.take(block_));
  EXPECT_EQ(block_.text, large_line(3));
}

TEST_F(LineQueueTest, LineLargerThanABlockIsKeptWhole) {
  const std::string line = std::string(2 * LineQueue::kBlockBytes, 'x') + '\n';
  queue_.push(line);
  ASSERT_TRUE(queue_.take(block_));
  EXPECT_EQ(block_.text, line);
}

TEST_F(LineQueueTest, OldestLinesAreLostAndCountedWhenNobodyTakesThem) {
  constexpr int kLines = 20;
  for (int line = 0; line < kLines; ++line) {
    queue_.push(large_line(line));
  }
  std::size_t taken = 0;
  std::size_t lost = 0;
  queue_.close();
  while (queue_.take(block_)) {
    EXPECT_EQ(block_.text.substr(0, 2),
              large_line(static_cast<int>(taken + lost) + static_cast<int>(block_.lost_lines))
                  .substr(0, 2));
    taken += block_.lines;
    lost += block_.lost_lines;
  }
  EXPECT_EQ(lost, 12U);  // three blocks are kept, the last of them not full
  EXPECT_EQ(taken + lost, 20U);
}

TEST_F(LineQueueTest, SmallestQueueHoldsABlock) {
  LineQueue queue(0);
  for (int line = 0; line < 4; ++line) {
    queue.push(large_line(line));
  }
  ASSERT_TRUE(queue.take(block_));
  EXPECT_EQ(block_.text, large_line(3));
  EXPECT_EQ(block_.lost_lines, 3U);
}

TEST_F(LineQueueTest, ClosedQueueGivesWhatIsLeft) {
  queue_.push("last\n");
  queue_.close();
  ASSERT_TRUE(queue_.take(block_));
  EXPECT_EQ(block_.text, "last\n");
  EXPECT_FALSE(queue_.take(block_));
  EXPECT_EQ(block_.text, "");
}

TEST_F(LineQueueTest, TakerWaitsForALine) {
  std::thread taker([this] { EXPECT_TRUE(queue_.take(block_)); });
  queue_.push("line\n");
  taker.join();
  EXPECT_EQ(block_.text, "line\n");
}

TEST_F(LineQueueTest, CloseEndsTheWait) {
  std::thread taker([this] { EXPECT_FALSE(queue_.take(block_)); });
  queue_.close();
  taker.join();
}

}  // namespace
}  // namespace sorteo
