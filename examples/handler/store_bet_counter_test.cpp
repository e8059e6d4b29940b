#include "examples/handler/store_bet_counter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "core/handler_registry.hpp"
#include "examples/handler/bet_count_handler.hpp"
#include "tests/support/batch_bytes.hpp"
#include "tests/support/handler_harness.hpp"
#include "tests/support/manual_background.hpp"
#include "tests/support/mock_bet_store.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo::example {
namespace {

using testing::ElementsAre;
using testing::NiceMock;

class StoreBetCounterTest : public testing::Test {
 protected:
  void count(std::uint32_t agency) {
    counter_.count(agency, [this](BetCounter::Result bets) { counted_ = bets; });
  }

  NiceMock<test::MockBetStore> store_;
  test::ManualBackground background_;
  StoreBetCounter counter_{store_, background_.runner()};
  std::optional<BetCounter::Result> counted_;
};

TEST_F(StoreBetCounterTest, CountsTheBetsOfOneAgencyInTheBackground) {
  ON_CALL(store_, visit).WillByDefault([](BatchVisitor& visitor) {
    visitor.visit(Batch(1, 100, {}));
    visitor.visit(Batch(2, 50, {}));
    visitor.visit(Batch(1, 8, {}));
    return std::nullopt;
  });
  count(1);
  EXPECT_EQ(counted_, std::nullopt);
  background_.run();
  EXPECT_EQ(counted_, BetCounter::Result(108));
}

TEST_F(StoreBetCounterTest, TellsWhenTheStoreCannotBeRead) {
  ON_CALL(store_, visit).WillByDefault([](BatchVisitor&) {
    return StoreFailure{StoreError::kDamaged, "bets.log: byte 77 is damaged"};
  });
  count(1);
  background_.run();
  EXPECT_EQ(counted_, BetCounter::Result(make_error_code(StoreError::kDamaged)));
}

TEST(BetCountRegistrationTest, RequestGoesThroughTheRegistryToTheStore) {
  NiceMock<test::MockBetStore> store;
  test::ManualBackground tasks;
  test::RecordingLog log;
  const auto background = tasks.runner();
  HandlerRegistry handlers;

  StoreBetCounter counter(store, background);
  handlers.add(kBetCount, std::make_unique<BetCountHandler>(counter, log));

  test::HandlerHarness harness;
  harness.ask(*handlers.find(0x80), 0x80, test::agency_bytes(1));
  tasks.run();
  EXPECT_THAT(harness.replies(),
              ElementsAre(Reply{Reply::Envelope::kMessage, 0x80, std::string(8, '\0')}));
}

}  // namespace
}  // namespace sorteo::example
