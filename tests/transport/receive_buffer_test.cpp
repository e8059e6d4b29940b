#include "transport/receive_buffer.hpp"

#include <gtest/gtest.h>

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
