#include "tests/simulation/simulation.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "core/store_error.hpp"
#include "tests/simulation/disguised_store.hpp"

namespace sorteo::simulation {
namespace {

// Each of the defects below shows in several of them.
constexpr std::uint64_t kSeedsForADefect = 150;

// Whether one of them says `text` of a store with a defect.
template <typename Store>
bool is_said(std::string_view text) {
  const Disguise defect = [](std::unique_ptr<BetStore> store) -> std::unique_ptr<BetStore> {
    return std::make_unique<Store>(std::move(store));
  };
  std::uint64_t seed = 1;
  while (seed <= kSeedsForADefect &&
         simulate(seed, nullptr, defect).fault.find(text) == std::string::npos) {
    ++seed;
  }
  return seed <= kSeedsForADefect;
}

Batch without_identity(const IdentifiedBatch& batch) {
  return {batch.agency, batch.bets.value_or(0), batch.content};
}

class ForgetsIdentities final : public DisguisedStore {
 public:
  using DisguisedStore::DisguisedStore;
  void append_once(const IdentifiedBatch& batch, ReceiptCompletion done) override {
    const Receipt receipt{batch.bets ? BatchOutcome::kStored : BatchOutcome::kRefused, false,
                          batch.bets.value_or(0), batch.sequence};
    store_->append(without_identity(batch),
                   [receipt, done = std::make_shared<ReceiptCompletion>(std::move(done))](
                       boost::system::error_code error) { (*done)(error, receipt); });
  }
};

class AcknowledgesWhatItDoesNotStore final : public DisguisedStore {
 public:
  using DisguisedStore::DisguisedStore;
  void append_once(const IdentifiedBatch& batch, ReceiptCompletion done) override {
    if (batch.sequence == 5 && batch.bets) {
      done({}, {BatchOutcome::kStored, false, *batch.bets, batch.sequence});
      return;
    }
    store_->append_once(batch, std::move(done));
  }
};

// As if it answered before the disk has it.
class AcknowledgesTooEarly final : public DisguisedStore {
 public:
  using DisguisedStore::DisguisedStore;
  void append_once(const IdentifiedBatch& batch, ReceiptCompletion done) override {
    if (!batch.bets || session(batch.agency, batch.session).durable >= batch.sequence) {
      store_->append_once(batch, std::move(done));
      return;
    }
    store_->append_once(batch, [](boost::system::error_code, const Receipt&) {});
    done({}, {BatchOutcome::kStored, false, *batch.bets, batch.sequence});
  }
};

class CallsEveryReceiptNew final : public DisguisedStore {
 public:
  using DisguisedStore::DisguisedStore;
  void append_once(const IdentifiedBatch& batch, ReceiptCompletion done) override {
    store_->append_once(batch, [done = std::make_shared<ReceiptCompletion>(std::move(done))](
                                   boost::system::error_code error, const Receipt& receipt) {
      Receipt lie = receipt;
      lie.is_duplicate = false;
      (*done)(error, lie);
    });
  }
};

class TakesConflictsForDuplicates final : public DisguisedStore {
 public:
  using DisguisedStore::DisguisedStore;
  void append_once(const IdentifiedBatch& batch, ReceiptCompletion done) override {
    const Receipt lie{batch.bets ? BatchOutcome::kStored : BatchOutcome::kRefused, true,
                      batch.bets.value_or(0), batch.sequence};
    store_->append_once(batch, [lie, done = std::make_shared<ReceiptCompletion>(std::move(done))](
                                   boost::system::error_code error, const Receipt& receipt) {
      if (error == StoreError::kConflict) {
        (*done)({}, lie);
      } else {
        (*done)(error, receipt);
      }
    });
  }
};

class CountsNothingAtTheFinish final : public DisguisedStore {
 public:
  using DisguisedStore::DisguisedStore;
  void record_counted_finish(std::uint32_t agency, std::uint64_t bets,
                             CountCompletion done) override {
    store_->record_finish(agency, [bets, done = std::make_shared<CountCompletion>(std::move(done))](
                                      boost::system::error_code error) { (*done)(error, bets); });
  }
};

class WelcomesTooFar final : public DisguisedStore {
 public:
  using DisguisedStore::DisguisedStore;
  SessionState session(std::uint32_t agency, const SessionId& session) const override {
    SessionState state = store_->session(agency, session);
    state.durable += state.durable == 3 ? 1 : 0;
    return state;
  }
};

class LeavesOutWinners final : public DisguisedStore {
 public:
  using DisguisedStore::DisguisedStore;
  [[nodiscard]] std::optional<StoreFailure> visit(BatchVisitor& visitor) const override {
    class Last final : public BatchVisitor {
     public:
      explicit Last(BatchVisitor& visitor) noexcept : visitor_(visitor) {}
      bool visit(const Batch& batch) override { return seen_++ < 4 || visitor_.visit(batch); }

     private:
      BatchVisitor& visitor_;
      int seen_ = 0;
    } last(visitor);
    return was_visited_++ == 0 ? store_->visit(last) : store_->visit(visitor);
  }

 private:
  mutable int was_visited_ = 0;  // the first to come is the draw
};

class NeverHoldsTheDraw final : public DisguisedStore {
 public:
  using DisguisedStore::DisguisedStore;
  void record_draw(std::uint32_t, Completion done) override { done(StoreError::kFull); }
};

TEST(SimulationTest, SameSeedPlaysTheSameExchange) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::ostringstream first;
    std::ostringstream second;
    simulate(seed, &first);
    simulate(seed, &second);
    EXPECT_EQ(first.str(), second.str()) << "seed " << seed;
  }
}

TEST(SimulationTest, StoreThatForgetsIdentitiesIsFound) {
  EXPECT_TRUE(is_said<ForgetsIdentities>("stored for the first time for the second time"));
}

TEST(SimulationTest, StoreThatAcknowledgesWhatItDoesNotStoreIsFound) {
  EXPECT_TRUE(is_said<AcknowledgesWhatItDoesNotStore>("it has lost bets"));
}

TEST(SimulationTest, StoreThatAcknowledgesTooEarlyIsFound) {
  EXPECT_TRUE(is_said<AcknowledgesTooEarly>("lost: batch"));
}

TEST(SimulationTest, StoreThatCallsEveryReceiptNewIsFound) {
  EXPECT_TRUE(is_said<CallsEveryReceiptNew>("stored for the first time for the second time"));
}

TEST(SimulationTest, StoreThatTakesConflictsForDuplicatesIsFound) {
  EXPECT_TRUE(is_said<TakesConflictsForDuplicates>("a receipt where there is a conflict"));
}

TEST(SimulationTest, StoreThatCountsNothingAtTheFinishIsFound) {
  EXPECT_TRUE(is_said<CountsNothingAtTheFinish>("finished with another number of bets"));
}

TEST(SimulationTest, StoreThatWelcomesTooFarIsFound) {
  EXPECT_TRUE(is_said<WelcomesTooFar>("durable, but not there"));
}

TEST(SimulationTest, StoreThatLeavesOutWinnersIsFound) {
  EXPECT_TRUE(is_said<LeavesOutWinners>("have other winners"));
}

TEST(SimulationTest, StoreThatNeverHoldsTheDrawIsFound) {
  EXPECT_TRUE(is_said<NeverHoldsTheDraw>("it does not come to its end"));
}

}  // namespace
}  // namespace sorteo::simulation
