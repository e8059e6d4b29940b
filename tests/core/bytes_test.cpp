#include "core/bytes.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>

namespace sorteo {
namespace {

using namespace std::string_literals;

TEST(BytesTest, IntegersAreAppendedBigEndian) {
  std::string bytes;
  append_u8(bytes, 0x01);
  append_u16(bytes, 0x0203);
  append_u32(bytes, 0x04050607);
  append_u64(bytes, 0x08090A0B0C0D0E0FULL);
  EXPECT_EQ(bytes, "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F"s);
}

TEST(BytesTest, IntegersAreLoadedBigEndian) {
  const std::string bytes = "\x80\x01\x02\x03\x04\x05\x06\xFF"s;
  const std::byte* from = as_bytes(bytes).data();
  EXPECT_EQ(load_u16(from), 0x8001U);
  EXPECT_EQ(load_u32(from), 0x80010203U);
  EXPECT_EQ(load_u64(from), 0x80010203040506FFULL);
}

TEST(BytesTest, WhatIsStoredIsLoadedAgain) {
  std::array<std::byte, 8> bytes{};
  store_u16(bytes.data(), UINT16_MAX);
  EXPECT_EQ(load_u16(bytes.data()), UINT16_MAX);
  store_u32(bytes.data(), UINT32_MAX - 1);
  EXPECT_EQ(load_u32(bytes.data()), UINT32_MAX - 1);
  store_u64(bytes.data(), UINT64_MAX - 2);
  EXPECT_EQ(load_u64(bytes.data()), UINT64_MAX - 2);
}

TEST(BytesTest, TextAndBytesAreTheSameMemory) {
  const std::string text = "a\0b"s;
  const ByteView bytes = as_bytes(text);
  EXPECT_EQ(bytes.size(), 3U);
  EXPECT_EQ(as_text(bytes).data(), text.data());
  EXPECT_EQ(as_text(bytes), text);
}

}  // namespace
}  // namespace sorteo
