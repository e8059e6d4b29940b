#include "transport/receive_buffer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

namespace sorteo {
namespace {

void receive(ReceiveBuffer& buffer, std::string_view text, std::size_t wanted) {
  while (!text.empty()) {
    const auto room = buffer.prepare(wanted);
    const std::size_t count = std::min(room.size(), text.size());
    std::memcpy(room.data(), text.data(), count);
    buffer.commit(count);
    text.remove_prefix(count);
  }
}

TEST(ReceiveBufferTest, HoldsNoMemoryBeforeTheFirstByte) {
  const ReceiveBuffer buffer;
  EXPECT_EQ(buffer.capacity(), 0U);
  EXPECT_TRUE(buffer.held().empty());
}

TEST(ReceiveBufferTest, StartsSmallWhateverIsWanted) {
  ReceiveBuffer buffer;
  EXPECT_EQ(buffer.prepare(1'000'000).size(), ReceiveBuffer::kSmallBytes);
}

TEST(ReceiveBufferTest, GrowsOnlyAsBytesCome) {
  ReceiveBuffer buffer;
  std::string sent;
  while (sent.size() < 100'000) {
    sent.append(1000, static_cast<char>('a' + sent.size() / 1000 % 26));
    receive(buffer, sent.substr(sent.size() - 1000), 100'000);
    EXPECT_LE(buffer.capacity(), std::max(ReceiveBuffer::kSmallBytes, 2 * sent.size()));
  }
  EXPECT_EQ(as_text(buffer.held()), sent);
}

TEST(ReceiveBufferTest, GrowsNoFurtherThanWanted) {
  ReceiveBuffer buffer;
  receive(buffer, std::string(9000, 'x'), 9000);
  EXPECT_LT(buffer.capacity(), 9000 + ReceiveBuffer::kSmallBytes);
}

// One read of `size` bytes, or of as many as there is room for, all of them whole frames.
void receive_frames(ReceiveBuffer& buffer, std::size_t size = SIZE_MAX) {
  const auto room = buffer.prepare(0);
  const std::size_t count = std::min(room.size(), size);
  std::memset(room.data(), 'x', count);
  buffer.commit(count);
  buffer.consume(count);
}

void fill_with_frames(ReceiveBuffer& buffer) {
  while (buffer.capacity() < ReceiveBuffer::kLargeBytes) {
    receive_frames(buffer);
  }
}

TEST(ReceiveBufferTest, DoublesWhenWholeFramesFillIt) {
  ReceiveBuffer buffer;
  receive_frames(buffer);
  EXPECT_EQ(buffer.prepare(0).size(), 2 * ReceiveBuffer::kSmallBytes);
}

TEST(ReceiveBufferTest, GrowsNoFurtherThanLargeForFramesThatFillIt) {
  ReceiveBuffer buffer;
  fill_with_frames(buffer);
  receive_frames(buffer);
  EXPECT_EQ(buffer.prepare(0).size(), ReceiveBuffer::kLargeBytes);
}

TEST(ReceiveBufferTest, KeepsItsSizeWhenWholeFramesDoNotFillIt) {
  ReceiveBuffer buffer;
  receive_frames(buffer, ReceiveBuffer::kSmallBytes - 1);
  EXPECT_EQ(buffer.prepare(0).size(), ReceiveBuffer::kSmallBytes);
}

TEST(ReceiveBufferTest, GrowthKeepsTheStartOfTheNextFrame) {
  ReceiveBuffer buffer;
  receive(buffer, std::string(ReceiveBuffer::kSmallBytes - 4, 'x') + "next", 0);
  buffer.consume(ReceiveBuffer::kSmallBytes - 4);
  buffer.prepare(100);
  EXPECT_EQ(buffer.capacity(), 2 * ReceiveBuffer::kSmallBytes);
  EXPECT_EQ(as_text(buffer.held()), "next");
}

TEST(ReceiveBufferTest, ShrinksWhenManyReadsUseLittleOfIt) {
  ReceiveBuffer buffer;
  fill_with_frames(buffer);
  for (unsigned read = 0; read <= 2 * ReceiveBuffer::kReadsUntilSmaller; ++read) {
    receive_frames(buffer, 100);
  }
  EXPECT_EQ(buffer.capacity(), ReceiveBuffer::kLargeBytes / 2);
  for (unsigned read = 0; read < 10 * ReceiveBuffer::kReadsUntilSmaller; ++read) {
    receive_frames(buffer, 100);
  }
  EXPECT_EQ(buffer.capacity(), ReceiveBuffer::kSmallBytes);
}

TEST(ReceiveBufferTest, StaysLargeWhileSomeReadsUseIt) {
  ReceiveBuffer buffer;
  fill_with_frames(buffer);
  for (unsigned read = 0; read < 10 * ReceiveBuffer::kReadsUntilSmaller; ++read) {
    receive_frames(buffer, read % 50 == 0 ? ReceiveBuffer::kLargeBytes / 4 : 100);
  }
  EXPECT_EQ(buffer.capacity(), ReceiveBuffer::kLargeBytes);
}

TEST(ReceiveBufferTest, MovesWhatIsLeftToTheFrontOnce) {
  ReceiveBuffer buffer;
  receive(buffer, std::string(3000, 'a') + "rest", 5);
  const auto* const front = buffer.held().data();
  buffer.consume(3000);
  receive(buffer, "!", 100);
  EXPECT_EQ(as_text(buffer.held()), "rest!");
  EXPECT_EQ(buffer.held().data(), front);
}

TEST(ReceiveBufferTest, ConsumedBytesLiveUntilTheNextPrepare) {
  ReceiveBuffer buffer;
  receive(buffer, "first", 5);
  const auto view = as_text(buffer.held());
  buffer.consume(5);
  EXPECT_EQ(view, "first");
}

TEST(ReceiveBufferTest, ReleaseGivesTheMemoryBackAndReceivingGoesOn) {
  ReceiveBuffer buffer;
  receive(buffer, std::string(9000, 'x'), 9000);
  buffer.release();
  EXPECT_EQ(buffer.capacity(), 0U);
  receive(buffer, "again", 5);
  EXPECT_EQ(as_text(buffer.held()), "again");
}

}  // namespace
}  // namespace sorteo
