#include "core/usual_bets.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/batch.hpp"
#include "core/plain_block.hpp"
#include "core/sse_block.hpp"
#include "tests/support/batch_bytes.hpp"

namespace sorteo {
namespace {

using namespace std::string_literals;
using test::ana;
using test::packets_of;
using test::tiago;

Bet with(std::string Bet::*field, std::string value) {
  Bet bet = ana();
  bet.*field = std::move(value);
  return bet;
}

bool is_usual(const Bet& bet) {
  const std::string bytes = packets_of({bet});
  ByteView packets = as_bytes(bytes);
  return take_usual_bets(packets) == 1;
}

TEST(TakeUsualBetsTest, TakesAllThatAreUsual) {
  const std::string bytes = packets_of({ana(), tiago(), ana()});
  ByteView packets = as_bytes(bytes);
  EXPECT_EQ(take_usual_bets(packets), 3U);
  EXPECT_TRUE(packets.empty());
}

TEST(TakeUsualBetsTest, NothingHoldsNoBets) {
  ByteView packets;
  EXPECT_EQ(take_usual_bets(packets), 0U);
}

TEST(TakeUsualBetsTest, StopsBeforeWhatIsNotUsual) {
  const std::string usual = packets_of({ana(), tiago()});
  const std::string bytes = usual + packets_of({with(&Bet::birthdate, "2000-02-29"), ana()});
  ByteView packets = as_bytes(bytes);
  EXPECT_EQ(take_usual_bets(packets), 2U);
  EXPECT_EQ(packets.data(), as_bytes(bytes).data() + usual.size());
  EXPECT_EQ(packets.size(), bytes.size() - usual.size());
}

// That they are taken is what makes the codec fast.
TEST(TakeUsualBetsTest, SpanishNamesAndNumbersAreUsual) {
  for (const char* name : {"Ana", "María de los Ángeles", "ñ", "Núñez", "O'Brien", "ÀÿÑÜ"}) {
    EXPECT_TRUE(is_usual(with(&Bet::first_name, name))) << name;
    EXPECT_TRUE(is_usual(with(&Bet::last_name, name))) << name;
  }
  for (const char* number : {"10", "7574", "007574", "999999999"}) {
    EXPECT_TRUE(is_usual(with(&Bet::document, number))) << number;
    EXPECT_TRUE(is_usual(with(&Bet::number, number))) << number;
  }
  for (const char* date : {"0001-01-01", "1999-12-31", "2000-02-28", "9999-04-30"}) {
    EXPECT_TRUE(is_usual(with(&Bet::birthdate, date))) << date;
  }
  EXPECT_TRUE(is_usual(with(&Bet::first_name, std::string(25, 'x'))));  // 28 with the last name
}

TEST(TakeUsualBetsTest, UnusualBetsAreLeft) {
  for (const std::string& name : {"李"s, "Łukasz"s, std::string(26, 'x')}) {
    EXPECT_FALSE(is_usual(with(&Bet::first_name, name))) << name;
  }
  EXPECT_FALSE(is_usual(with(&Bet::document, "9")));  // a bet of 36 bytes
  EXPECT_FALSE(is_usual(with(&Bet::document, "4294967295")));
  EXPECT_FALSE(is_usual(with(&Bet::number, "0000007574")));
}

// One of sixteen bytes is `byte`, the others are 'a'; `at` says which.
struct Sixteen {
  std::array<std::byte, BlockBytes::kSize> bytes;
  std::size_t at;
  std::uint8_t byte;
};

template <typename Visit>
void for_each_sixteen(Visit visit) {
  for (std::size_t at = 0; at < BlockBytes::kSize; ++at) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      Sixteen sixteen{{}, at, static_cast<std::uint8_t>(byte)};
      sixteen.bytes.fill(std::byte{'a'});
      sixteen.bytes[at] = std::byte{sixteen.byte};
      visit(sixteen);
    }
  }
}

template <typename Block>
class BlockTest : public testing::Test {};

#if defined(__SSE2__)
using Blocks = testing::Types<PlainBlock, SseBlock>;
#else
using Blocks = testing::Types<PlainBlock>;
#endif
TYPED_TEST_SUITE(BlockTest, Blocks);

TYPED_TEST(BlockTest, MasksNameTheBytes) {
  for_each_sixteen([](const Sixteen& sixteen) {
    const TypeParam block(sixteen.bytes.data());
    const std::uint32_t bit = 1U << sixteen.at;
    const std::uint32_t others = 0xFFFFU & ~bit;
    const std::uint8_t byte = sixteen.byte;
    ASSERT_EQ(block.equal_to(0xC3), byte == 0xC3 ? bit : 0);
    ASSERT_EQ(block.continuing(), byte >= 0x80 && byte <= 0xBF ? bit : 0);
    ASSERT_EQ(block.printable(), others | (byte >= 0x20 && byte <= 0x7E ? bit : 0)) << +byte;
  });
}

TYPED_TEST(BlockTest, ExcessIsWhatIsOverTheLimits) {
  BlockBytes pattern{};
  BlockBytes limits{};
  pattern.at.fill('a');
  for (const unsigned limit : {0U, 9U, 127U, 128U, 255U}) {
    for_each_sixteen([&](const Sixteen& sixteen) {
      limits.at.fill(0);
      limits.at[sixteen.at] = static_cast<std::uint8_t>(limit);
      const TypeParam excess = TypeParam(sixteen.bytes.data()).excess(pattern, limits);
      const bool is_over = (sixteen.byte ^ 'a') > static_cast<int>(limit);
      ASSERT_EQ(excess.is_zero(), !is_over) << +sixteen.byte << ' ' << limit;
    });
  }
}

TYPED_TEST(BlockTest, EitherExcessIsKept) {
  BlockBytes pattern{};
  pattern.at.fill('a');
  for_each_sixteen([&](const Sixteen& sixteen) {
    std::array<std::byte, BlockBytes::kSize> same;
    same.fill(std::byte{'a'});
    const TypeParam one = TypeParam(sixteen.bytes.data()).excess(pattern, BlockBytes{});
    const TypeParam none = TypeParam(same.data()).excess(pattern, BlockBytes{});
    ASSERT_TRUE(none.is_zero());
    ASSERT_EQ((one | none).is_zero(), sixteen.byte == 'a');
    ASSERT_EQ((none | one).is_zero(), sixteen.byte == 'a');
  });
}

}  // namespace
}  // namespace sorteo
