// What has been taken when memory has run out: no bet twice, and none by half.

#include <gtest/gtest.h>

#include <new>
#include <span>
#include <string>
#include <vector>

#include "client_sdk/batch_window.hpp"
#include "client_sdk/batcher.hpp"
#include "tests/handlers/memory_shortage.hpp"

namespace sorteo::client {
namespace {

const Bet kBet{"Ana", "Paz", "30904465", "1999-03-17", "7574"};
constexpr std::size_t kBetBytes = 47;

// Whether `work` ends by std::bad_alloc when there is no memory.
template <typename Work>
bool needs_memory(Work work) {
  bool is_thrown = false;
  test::set_out_of_memory(true);
  try {
    work();
  } catch (const std::bad_alloc&) {
    is_thrown = true;
  }
  test::set_out_of_memory(false);
  return is_thrown;
}

TEST(SdkMemoryShortageTest, BatcherHasTakenWhatItSays) {
  Batcher batcher(kBatchBetHeaderBytes, 1000, 1024 * 1024);
  batcher.add(kBet.view());
  const std::vector<BetView> bets(300, kBet.view());
  std::size_t taken = 0;
  EXPECT_FALSE(needs_memory([&] { taken = batcher.try_add_all(bets); }));
  EXPECT_GT(taken, 0U);
  const auto rest = std::span(bets).subspan(taken);
  EXPECT_TRUE(needs_memory([&] { static_cast<void>(batcher.try_add_all(rest)); }));
  EXPECT_EQ(batcher.added(), 1 + taken);
  while (taken < bets.size()) {
    const std::size_t more = batcher.try_add_all(std::span(bets).subspan(taken));
    ASSERT_GT(more, 0U);
    taken += more;
  }
  EXPECT_EQ(batcher.take().packets.size(), (1 + bets.size()) * kBetBytes);
}

TEST(SdkMemoryShortageTest, BadBetThatCannotBeDescribedLeavesNoTrace) {
  Batcher batcher(kBatchBetHeaderBytes, 1000, 1024 * 1024);
  batcher.add(kBet.view());
  BetView bad = kBet.view();
  bad.birthdate = "1999-02-30";
  const std::vector<BetView> bets{kBet.view(), bad};
  EXPECT_TRUE(needs_memory([&] { static_cast<void>(batcher.try_add_all(bets)); }));
  EXPECT_EQ(batcher.added(), 1U);
  EXPECT_EQ(batcher.try_add_all(bets), 1U);
  EXPECT_EQ(batcher.take().packets.size(), 2 * kBetBytes);
}

TEST(SdkMemoryShortageTest, BatchThatTheWindowDidNotTakeIsAsItWas) {
  BatchWindow window(100, nullptr);
  const std::string packets(200, 'x');
  bool is_short = false;
  while (!is_short && window.has_room()) {
    OutgoingBatch batch{window.size() + 1, 1, packets};
    const std::size_t before = window.size();
    is_short = needs_memory([&] { static_cast<void>(window.push(batch)); });
    if (is_short) {
      EXPECT_EQ(batch.packets, packets);
      EXPECT_EQ(window.size(), before);
    }
  }
  EXPECT_TRUE(is_short);
}

}  // namespace
}  // namespace sorteo::client
