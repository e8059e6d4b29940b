// What the other tests look into a store with: it must see what is wrong.

#include "tests/failures/numbered_bets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "core/batch.hpp"

namespace sorteo::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Shows a batch of the bets with these indexes of sender 7, as agency 1's.
void show(NumberedBets& bets, std::initializer_list<std::uint32_t> indexes) {
  std::string packets;
  for (const std::uint32_t index : indexes) {
    append_packet(packets, numbered_bet(7, index).view());
  }
  EXPECT_TRUE(bets.visit(Batch(1, static_cast<std::uint32_t>(indexes.size()), as_bytes(packets))));
}

TEST(NumberedBetsTest, ARowWithoutAGapIsRight) {
  NumberedBets bets;
  show(bets, {1, 2});
  show(bets, {});
  show(bets, {3});
  EXPECT_EQ(bets.fault_of(7), std::nullopt);
  EXPECT_THAT(bets.of_sender(7), ElementsAre(1, 2, 3));
  EXPECT_EQ(bets.size(), 3U);
  EXPECT_EQ(bets.of_agency(1), 3U);
  EXPECT_EQ(bets.stranger(), "");
  EXPECT_THAT(bets.of_sender(8), IsEmpty());
}

TEST(NumberedBetsTest, ABatchTwiceIsSeen) {
  NumberedBets bets;
  show(bets, {1, 2});
  show(bets, {1, 2});
  EXPECT_THAT(bets.fault_of(7).value_or(""), HasSubstr("bet 1 is stored where bet 3 is due"));
}

TEST(NumberedBetsTest, ALostBatchIsSeen) {
  NumberedBets bets;
  show(bets, {1, 2});
  show(bets, {5, 6});
  EXPECT_THAT(bets.fault_of(7).value_or(""), HasSubstr("bet 5 is stored where bet 3 is due"));
}

TEST(NumberedBetsTest, BatchesInAnotherOrderAreSeen) {
  NumberedBets bets;
  show(bets, {3, 4});
  show(bets, {1, 2});
  EXPECT_THAT(bets.fault_of(7).value_or(""), HasSubstr("bet 3 is stored where bet 1 is due"));
}

TEST(NumberedBetsTest, ABetThatNobodySentIsSeen) {
  Bet bet = numbered_bet(7, 1);
  bet.last_name += "x";
  std::string packets;
  append_packet(packets, bet.view());
  NumberedBets bets;
  EXPECT_TRUE(bets.visit(Batch(1, 1, as_bytes(packets))));
  EXPECT_EQ(bets.stranger(), "Remitente 7, 1");
}

TEST(NumberedBetsTest, WinnersAreThoseOfTheAgencyInTheirOrder) {
  NumberedBets bets;
  std::vector<std::uint32_t> winners;
  for (std::uint32_t index = 1; index <= 200; ++index) {
    show(bets, {index});
    if (std::stoul(numbered_bet(7, index).number) == kWinningNumber) {
      winners.push_back(index);
    }
  }
  EXPECT_FALSE(winners.empty());
  EXPECT_EQ(bets.winners_of(1), winners);
  EXPECT_THAT(bets.winners_of(2), IsEmpty());
}

}  // namespace
}  // namespace sorteo::test
