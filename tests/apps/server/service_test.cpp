#include "apps/server/service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "storage/memory_bet_store.hpp"
#include "tests/support/legacy_client.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo {
namespace {

using std::chrono::milliseconds;

// A memory store that says something else at its end.
class StoreThatCannotClose final : public BetStore {
 public:
  const StoreState& recovered() const noexcept override { return store_.recovered(); }
  void append(const Batch& batch, Completion done) override {
    store_.append(batch, std::move(done));
  }
  void append_once(const IdentifiedBatch& batch, ReceiptCompletion done) override {
    store_.append_once(batch, std::move(done));
  }
  SessionState session(std::uint32_t agency, const SessionId& session) const override {
    return store_.session(agency, session);
  }
  void record_finish(std::uint32_t agency, Completion done) override {
    store_.record_finish(agency, std::move(done));
  }
  void record_counted_finish(std::uint32_t agency, std::uint64_t bets,
                             CountCompletion done) override {
    store_.record_counted_finish(agency, bets, std::move(done));
  }
  void record_draw(std::uint32_t winning_number, Completion done) override {
    store_.record_draw(winning_number, std::move(done));
  }
  std::optional<StoreFailure> visit(BatchVisitor& visitor) const override {
    return store_.visit(visitor);
  }
  std::optional<StoreFailure> keep_winners(const WinnersByAgency& winners) override {
    return store_.keep_winners(winners);
  }
  std::optional<StoreFailure> close() override {
    static_cast<void>(store_.close());
    return StoreFailure{StoreError::kFailed, "cannot sync var/bets: Input/output error"};
  }

 private:
  MemoryBetStore store_;
};

class ServiceTest : public testing::Test {
 protected:
  ServiceTest() {
    configuration_.server.listeners.front().port = 0;
    configuration_.server.threads = 2;
    configuration_.draw.agencies = 1;
  }

  test::RecordingLog log_;
  Configuration configuration_;
};

TEST_F(ServiceTest, ServesAndStops) {
  Service service(configuration_, std::make_unique<MemoryBetStore>(), log_);
  ASSERT_EQ(service.start(), std::nullopt);
  const Bet ana{"Ana", "Paz", "30904465", "1999-03-17", "7574"};
  EXPECT_EQ(test::LegacyClient(service.port()).send_batch(1, {ana}), "OK\n");
  EXPECT_TRUE(service.stop(milliseconds(60'000)));
  EXPECT_TRUE(log_.contains("action: close_store | result: success"));
  EXPECT_TRUE(log_.contains("action: close_background | result: success"));
}

TEST_F(ServiceTest, AStoreThatCannotBeClosedIsAFailure) {
  Service service(configuration_, std::make_unique<StoreThatCannotClose>(), log_);
  ASSERT_EQ(service.start(), std::nullopt);
  EXPECT_FALSE(service.stop(milliseconds(60'000)));
  EXPECT_TRUE(log_.contains("action: close_store | result: fail | error: cannot sync var/bets"));
}

TEST_F(ServiceTest, StoppingAgainDoesNothing) {
  Service service(configuration_, std::make_unique<MemoryBetStore>(), log_);
  ASSERT_EQ(service.start(), std::nullopt);
  service.stop(milliseconds(60'000));
  const auto lines = log_.lines().size();
  service.stop(milliseconds(60'000));
  EXPECT_EQ(log_.lines().size(), lines);
}

TEST_F(ServiceTest, AnAddressThatCannotBeListenedOnIsSaid) {
  Service first(configuration_, std::make_unique<MemoryBetStore>(), log_);
  ASSERT_EQ(first.start(), std::nullopt);
  configuration_.server.listeners.front().port = first.port();
  Service second(configuration_, std::make_unique<MemoryBetStore>(), log_);
  EXPECT_THAT(second.start(), testing::Optional(testing::HasSubstr("127.0.0.1:")));
}

TEST_F(ServiceTest, GoesAwayInOrderWithoutBeingStopped) {
  {
    Service service(configuration_, std::make_unique<MemoryBetStore>(), log_);
    ASSERT_EQ(service.start(), std::nullopt);
  }
  EXPECT_TRUE(log_.contains("action: close_store | result: success"));
}

}  // namespace
}  // namespace sorteo
