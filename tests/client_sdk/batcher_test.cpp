#include "client_sdk/batcher.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/batch.hpp"
#include "core/bytes.hpp"

namespace sorteo::client {
namespace {

constexpr std::size_t kHeaders = kBatchBetHeaderBytes;
const Bet kBet{"Ana", "Paz", "30904465", "1999-03-17", "7574"};
constexpr std::size_t kBetBytes = 47;

std::string hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : as_bytes(bytes)) {
    text += kDigits[std::to_integer<unsigned>(byte) >> 4];
    text += kDigits[std::to_integer<unsigned>(byte) & 15U];
  }
  return text;
}

TEST(BatcherTest, MessageIsTheOneOfTheProtocol) {
  Batcher batcher(kHeaders, 100, 8192);
  batcher.add(kBet.view());
  EXPECT_EQ(hex(batch_bet_message(1, batcher.take().packets)),
            "0100000033000000010000002b010003416e6102000350617a030008333039303434363504000a31393939"
            "2d30332d313705000437353734");
}

TEST(BatcherTest, IsFullAtTheCount) {
  Batcher batcher(kHeaders, 3, 8192);
  for (int at = 0; at < 3; ++at) {
    EXPECT_TRUE(batcher.has_room_for(kBet.view()));
    EXPECT_FALSE(batcher.full());
    batcher.add(kBet.view());
  }
  EXPECT_TRUE(batcher.full());
  EXPECT_FALSE(batcher.has_room_for(kBet.view()));
}

TEST(BatcherTest, MessageFillsTheBytesAndNeverPassesThem) {
  Batcher batcher(kHeaders, 100, kHeaders + 2 * kBetBytes);
  batcher.add(kBet.view());
  EXPECT_TRUE(batcher.has_room_for(kBet.view()));
  batcher.add(kBet.view());
  EXPECT_TRUE(batcher.full());
  EXPECT_EQ(batcher.take().packets.size(), 2 * kBetBytes);

  Batcher smaller(kHeaders, 100, kHeaders + 2 * kBetBytes - 1);
  smaller.add(kBet.view());
  EXPECT_FALSE(smaller.has_room_for(kBet.view()));
}

TEST(BatcherTest, BetOverTheBytesGoesAlone) {
  Batcher batcher(kHeaders, 100, 20);
  EXPECT_TRUE(batcher.has_room_for(kBet.view()));
  batcher.add(kBet.view());
  EXPECT_TRUE(batcher.full());
  EXPECT_FALSE(batcher.has_room_for(kBet.view()));
  EXPECT_EQ(batcher.take().bets, 1U);
}

TEST(BatcherTest, BatchesKnowTheirPlaces) {
  Batcher batcher(kHeaders, 2, 8192);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
  for (int at = 0; at < 5; ++at) {
    batcher.add(kBet.view());
    if (batcher.full() || at == 4) {
      const OutgoingBatch batch = batcher.take();
      places.emplace_back(batch.first_bet, batch.bets);
    }
  }
  EXPECT_EQ(places, (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{1, 2}, {3, 2}, {5, 1}}));
  EXPECT_TRUE(batcher.empty());
  EXPECT_EQ(batcher.added(), 5U);
}

TEST(BatcherTest, TriesOnlyWhatStillGoesIn) {
  Batcher batcher(kHeaders, 2, 8192);
  EXPECT_EQ(batcher.try_add(kBet.view()), Batcher::Tried::kAdded);
  EXPECT_EQ(batcher.try_add(kBet.view()), Batcher::Tried::kAdded);
  EXPECT_EQ(batcher.try_add(kBet.view()), Batcher::Tried::kNoRoom);
  EXPECT_EQ(batcher.added(), 2U);
  EXPECT_EQ(batcher.take().packets.size(), 2 * kBetBytes);
}

TEST(BatcherTest, BadBetLeavesNoTrace) {
  Batcher batcher(kHeaders, 100, 8192);
  Bet bad = kBet;
  bad.birthdate = "1999-02-30";
  EXPECT_EQ(batcher.try_add(bad.view()), Batcher::Tried::kBadBet);
  EXPECT_TRUE(batcher.empty());
  EXPECT_EQ(batcher.added(), 0U);
  EXPECT_EQ(batcher.try_add(kBet.view()), Batcher::Tried::kAdded);
  EXPECT_EQ(batcher.take().packets.size(), kBetBytes);
}

// 65,536 more than a name that is good: only the low half would be written.
TEST(BatcherTest, LengthThatDoesNotFitIsNotCutOff) {
  Batcher batcher(kHeaders, 100, 1024 * 1024);
  Bet bad = kBet;
  bad.first_name = std::string(65'536 + 3, 'a');
  EXPECT_EQ(batcher.try_add(bad.view()), Batcher::Tried::kBadBet);
  bad = kBet;
  bad.document = std::string(65'536, '0') + "1";
  EXPECT_EQ(batcher.try_add(bad.view()), Batcher::Tried::kBadBet);
}

TEST(BatcherTest, LongestNumberIsGood) {
  Batcher batcher(kHeaders, 100, 1024 * 1024);
  Bet longest = kBet;
  longest.document = std::string(65'535, '0');
  EXPECT_EQ(batcher.try_add(longest.view()), Batcher::Tried::kAdded);
}

TEST(BatcherTest, MemoryThatHasServedShowsNothingOfWhatItHeld) {
  Batcher batcher(kHeaders, 2, 8192);
  batcher.add(kBet.view());
  const std::string expected = batcher.take().packets;
  batcher.reuse(std::string(5000, 'x'));
  batcher.add(kBet.view());
  EXPECT_EQ(batcher.take().packets, expected);
}

TEST(BatcherTest, MemoryIsNotTakenInPlaceOfBets) {
  Batcher batcher(kHeaders, 2, 8192);
  batcher.add(kBet.view());
  batcher.reuse(std::string(5000, 'x'));
  EXPECT_EQ(batcher.take().packets.size(), kBetBytes);
}

TEST(BatcherTest, ZeroSizesCountAsOneBet) {
  Batcher batcher(kHeaders, 0, 0);
  EXPECT_FALSE(batcher.full());
  batcher.add(kBet.view());
  EXPECT_TRUE(batcher.full());
}

TEST(BatcherTest, DefaultLimitsHoldForTheLongestNames) {
  const Bet longest{std::string(255, 'a'), std::string(255, 'b'), "4294967295", "1999-03-17",
                    "4294967295"};
  Batcher batcher(kHeaders, 100, 8192);
  while (batcher.has_room_for(longest.view())) {
    batcher.add(longest.view());
  }
  const OutgoingBatch batch = batcher.take();
  const std::string message = batch_bet_message(1, batch.packets);
  EXPECT_LE(message.size(), 8192U);
  EXPECT_EQ(decode_batch(as_bytes(message).subspan(5))->size(), batch.bets);
}

TEST(BatcherTest, MessagesWithoutBets) {
  EXPECT_EQ(hex(empty_batch_message(4)), "010000000400000004");
  EXPECT_EQ(hex(consulta_message(5)), "020000000400000005");
}

}  // namespace
}  // namespace sorteo::client
