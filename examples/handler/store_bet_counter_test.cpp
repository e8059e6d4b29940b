#include "examples/handler/store_bet_counter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "tests/support/batch_bytes.hpp"
#include "tests/support/manual_background.hpp"
#include "tests/support/mock_bet_store.hpp"

namespace sorteo::example {
namespace {

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

}  // namespace
}  // namespace sorteo::example
