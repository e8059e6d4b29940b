// The model is what every attack believes.

#include "tests/storage/attacks/store_history.hpp"

#include <gtest/gtest.h>

namespace sorteo::test {
namespace {

using Kind = StoreEntry::Kind;

constexpr bool kSynced = true;
constexpr bool kPowerWasCut = true;

const SessionId kSession{{std::byte{1}}};

StoreEntry batch(std::uint32_t agency, const std::string& name) {
  return {Kind::kBatch, agency, {name}};
}

StoreEntry once(std::uint64_t sequence, const std::string& name) {
  return {Kind::kOnce, 1, {name}, kSession, sequence};
}

// A store that was asked for these, and for nothing else.
StoreContents holding(const std::vector<StoreEntry>& entries) {
  StoreHistory history;
  for (const StoreEntry& entry : entries) {
    history.ask(entry);
  }
  return history.contents();
}

TEST(StoreHistoryTest, KnowsWhatAStoreShows) {
  const StoreContents contents = holding({batch(2, "Ana"),
                                          once(1, "Luz"),
                                          {Kind::kRefusedOnce, 1, {"?"}, kSession, 2},
                                          {Kind::kFinish, 2},
                                          {Kind::kDraw, 0, {}, {}, 0, 7574}});
  EXPECT_EQ(contents.batches, (std::vector<std::string>{"2: Ana", "1: Luz"}));
  EXPECT_EQ(contents.bets, 2U);
  EXPECT_EQ(contents.finished, std::vector<std::uint32_t>{2});
  EXPECT_EQ(contents.winning_number, 7574U);
  EXPECT_EQ(contents.senders.at({1, kSession}), 2U);
  EXPECT_EQ(contents.agency_bets.at(1), 1U);
}

TEST(StoreHistoryTest, WhatWasNotAcknowledgedMayBeThereOrNot) {
  for (const bool is_there : {false, true}) {
    StoreHistory history;
    history.acknowledge(history.ask(batch(1, "Ana")), kSynced);
    history.ask(batch(1, "Luz"));
    const auto found =
        is_there ? holding({batch(1, "Ana"), batch(1, "Luz")}) : holding({batch(1, "Ana")});
    EXPECT_EQ(history.settle(found, kPowerWasCut), std::nullopt);
    EXPECT_EQ(history.size(), is_there ? 2U : 1U);
  }
}

TEST(StoreHistoryTest, WhatWasAcknowledgedMustBeThere) {
  StoreHistory history;
  history.ask(batch(1, "Ana"));
  history.acknowledge(history.ask(batch(1, "Luz")), kSynced);
  EXPECT_NE(history.settle(holding({batch(1, "Ana")}), kPowerWasCut), std::nullopt);
}

TEST(StoreHistoryTest, APowerCutMayTakeWhatWasAcknowledgedWithoutASync) {
  StoreHistory history;
  history.acknowledge(history.ask(batch(1, "Ana")), !kSynced);
  history.harden();
  history.acknowledge(history.ask(batch(1, "Luz")), !kSynced);
  EXPECT_NE(history.settle(holding({batch(1, "Ana")}), !kPowerWasCut), std::nullopt);
  EXPECT_NE(history.settle(holding({}), kPowerWasCut), std::nullopt);
  EXPECT_EQ(history.settle(holding({batch(1, "Ana")}), kPowerWasCut), std::nullopt);
}

TEST(StoreHistoryTest, WhatAStartHasShownIsThereToStay) {
  StoreHistory history;
  history.ask(batch(1, "Ana"));
  ASSERT_EQ(history.settle(holding({batch(1, "Ana")}), !kPowerWasCut), std::nullopt);
  EXPECT_NE(history.settle(holding({}), kPowerWasCut), std::nullopt);
}

TEST(StoreHistoryTest, WhatWasRefusedMustNotBeThere) {
  StoreHistory history;
  history.refuse(history.ask(batch(1, "Ana")));
  EXPECT_NE(history.settle(holding({batch(1, "Ana")}), !kPowerWasCut), std::nullopt);
}

TEST(StoreHistoryTest, AGapIsWrong) {
  StoreHistory history;
  history.ask(batch(1, "Ana"));
  history.ask(batch(1, "Luz"));
  EXPECT_NE(history.settle(holding({batch(1, "Luz")}), kPowerWasCut), std::nullopt);
}

TEST(StoreHistoryTest, AnotherOrderIsWrong) {
  StoreHistory history;
  history.ask(batch(1, "Ana"));
  history.ask(batch(1, "Luz"));
  EXPECT_NE(history.settle(holding({batch(1, "Luz"), batch(1, "Ana")}), kPowerWasCut),
            std::nullopt);
}

TEST(StoreHistoryTest, ABatchThatIsThereTwiceIsWrong) {
  StoreHistory history;
  history.ask(once(1, "Ana"));
  EXPECT_NE(history.settle(holding({once(1, "Ana"), once(1, "Ana")}), kPowerWasCut), std::nullopt);
}

TEST(StoreHistoryTest, AnIdentityWithoutItsBetsIsWrong) {
  StoreHistory history;
  history.ask(once(1, "Ana"));
  StoreContents forgetful = holding({once(1, "Ana")});
  forgetful.senders.clear();
  EXPECT_NE(history.settle(forgetful, kPowerWasCut), std::nullopt);
}

}  // namespace
}  // namespace sorteo::test
