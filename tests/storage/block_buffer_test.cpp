#include "storage/block_buffer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace sorteo::test {
namespace {

constexpr std::size_t kBlock = File::kBlock;

void append(BlockBuffer& buffer, const std::string& text) {
  std::ranges::copy(as_bytes(text), buffer.extend(text.size()).begin());
}

std::string text_in(BlockBuffer& buffer) { return std::string(as_text(buffer.bytes())); }

std::size_t phase_of(ByteView bytes) {
  return reinterpret_cast<std::uintptr_t>(bytes.data()) % kBlock;
}

TEST(BlockBufferTest, KeepsWhatItHoldsWhenItGrows) {
  BlockBuffer buffer;
  append(buffer, "first");
  append(buffer, std::string(5 * kBlock, 'x'));
  EXPECT_EQ(text_in(buffer), "first" + std::string(5 * kBlock, 'x'));
}

TEST(BlockBufferTest, BeginsWhereItWasTold) {
  BlockBuffer buffer;
  buffer.clear(100);
  append(buffer, "bets");
  EXPECT_EQ(phase_of(buffer.bytes()), 100U);
}

TEST(BlockBufferTest, MovesUpAndDown) {
  BlockBuffer buffer;
  const std::string text(kBlock + 7, 'x');
  append(buffer, text + "end");
  for (const std::size_t phase : {kBlock - 1, std::size_t{64}, std::size_t{0}}) {
    buffer.align(phase);
    EXPECT_EQ(phase_of(buffer.bytes()), phase);
    EXPECT_EQ(text_in(buffer), text + "end");
  }
}

TEST(BlockBufferTest, MovesWhatIsLeft) {
  BlockBuffer buffer;
  append(buffer, std::string(3 * kBlock, 'x') + "left");
  buffer.drop_front(3 * kBlock);
  buffer.align(64);
  EXPECT_EQ(text_in(buffer), "left");
}

// As when a group goes into one small segment after the other.
TEST(BlockBufferTest, MovesUpByLessThanABlockHoweverOften) {
  constexpr std::size_t kPart = kBlock + 1;  // so that what is left begins with a block again
  constexpr int kParts = 5;
  const std::string head(kBlock - 1, 'h');
  BlockBuffer buffer;
  for (int i = 0; i < kParts; ++i) {
    append(buffer, std::string(kPart, static_cast<char>('a' + i)));
  }
  const std::byte* const start = buffer.bytes().data();
  for (int i = 0; i < kParts; ++i) {
    buffer.align(head.size());
    const auto end = static_cast<std::size_t>(buffer.bytes().data() - start) + buffer.size();
    ASSERT_LT(end, kParts * kPart + kBlock);
    {
      const BlockBuffer::Frame frame(buffer, kPart, as_bytes(head));
      EXPECT_EQ(as_text(frame.blocks()), head + std::string(kPart, static_cast<char>('a' + i)));
    }
    buffer.drop_front(kPart);
  }
  EXPECT_TRUE(buffer.empty());
}

TEST(BlockBufferTest, FramesItsFirstBytesInWholeBlocks) {
  BlockBuffer buffer;
  buffer.clear(4);
  append(buffer, "now, later");
  const BlockBuffer::Frame frame(buffer, 3, as_bytes("head"));
  EXPECT_EQ(phase_of(frame.blocks()), 0U);
  EXPECT_EQ(as_text(frame.blocks()), "headnow" + std::string(kBlock - 7, '\0'));
}

TEST(BlockBufferTest, GivesBackWhatAFrameCovered) {
  BlockBuffer buffer;
  append(buffer, std::string(kBlock, 'x') + "now" + std::string(2 * kBlock, 'y'));
  const std::string before = text_in(buffer);
  { const BlockBuffer::Frame frame(buffer, kBlock + 3, {}); }
  EXPECT_EQ(text_in(buffer), before);
}

TEST(BlockBufferTest, NeedsNoPaddingForWholeBlocks) {
  BlockBuffer buffer;
  append(buffer, std::string(2 * kBlock, 'x'));
  const BlockBuffer::Frame frame(buffer, 2 * kBlock, {});
  EXPECT_EQ(as_text(frame.blocks()), std::string(2 * kBlock, 'x'));
}

}  // namespace
}  // namespace sorteo::test
