#pragma once

#include <memory>
#include <utility>

#include "core/bet_store.hpp"

namespace sorteo::simulation {

/// Gives everything to another store: the base of those that do one thing wrong.
class DisguisedStore : public BetStore {
 public:
  explicit DisguisedStore(std::unique_ptr<BetStore> store) noexcept : store_(std::move(store)) {}

  const StoreState& recovered() const noexcept override { return store_->recovered(); }
  void append(const Batch& batch, Completion done) override {
    store_->append(batch, std::move(done));
  }
  void append_once(const IdentifiedBatch& batch, ReceiptCompletion done) override {
    store_->append_once(batch, std::move(done));
  }
  SessionState session(std::uint32_t agency, const SessionId& session) const override {
    return store_->session(agency, session);
  }
  void record_finish(std::uint32_t agency, Completion done) override {
    store_->record_finish(agency, std::move(done));
  }
  void record_counted_finish(std::uint32_t agency, std::uint64_t bets,
                             CountCompletion done) override {
    store_->record_counted_finish(agency, bets, std::move(done));
  }
  void record_draw(std::uint32_t winning_number, Completion done) override {
    store_->record_draw(winning_number, std::move(done));
  }
  [[nodiscard]] std::optional<StoreFailure> visit(BatchVisitor& visitor) const override {
    return store_->visit(visitor);
  }
  [[nodiscard]] std::optional<StoreFailure> keep_winners(const WinnersByAgency& winners) override {
    return store_->keep_winners(winners);
  }
  [[nodiscard]] std::optional<StoreFailure> close() override { return store_->close(); }

 protected:
  const std::unique_ptr<BetStore> store_;
};

}  // namespace sorteo::simulation
