#include "transport/send_buffer.hpp"

#include <gtest/gtest.h>

namespace sorteo {
namespace {

TEST(SendBufferTest, NothingToBegin) {
  SendBuffer buffer;
  EXPECT_FALSE(buffer.begin());
  EXPECT_FALSE(buffer.is_sending());
  EXPECT_EQ(buffer.size(), 0U);
}

TEST(SendBufferTest, BlockIsSentWhileTheNextIsFilled) {
  SendBuffer buffer;
  buffer.tail() += "first";
  ASSERT_TRUE(buffer.begin());
  buffer.tail() += "second";
  EXPECT_FALSE(buffer.begin());
  EXPECT_EQ(buffer.rest(), "first");
  EXPECT_EQ(buffer.size(), 11U);
  buffer.advance(5);
  EXPECT_FALSE(buffer.is_sending());
  ASSERT_TRUE(buffer.begin());
  EXPECT_EQ(buffer.rest(), "second");
}

TEST(SendBufferTest, PartialWriteGoesOnWhereItStopped) {
  SendBuffer buffer;
  buffer.tail() += "block";
  buffer.begin();
  buffer.advance(2);
  EXPECT_TRUE(buffer.is_sending());
  EXPECT_EQ(buffer.rest(), "ock");
  EXPECT_EQ(buffer.size(), 3U);
  buffer.advance(3);
  EXPECT_FALSE(buffer.is_sending());
  EXPECT_EQ(buffer.size(), 0U);
}

}  // namespace
}  // namespace sorteo
