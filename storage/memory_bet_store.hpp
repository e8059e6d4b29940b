#pragma once

#include <deque>
#include <mutex>
#include <string>

#include "core/bet_store.hpp"
#include "storage/store_rules.hpp"

namespace sorteo {

/// Keeps the bets in memory: for tests and for trying things out. Nothing survives the process, and
/// memory grows with the bets. Callbacks run before the call returns.
class MemoryBetStore final : public BetStore {
 public:
  MemoryBetStore() = default;
  MemoryBetStore(const MemoryBetStore&) = delete;
  MemoryBetStore& operator=(const MemoryBetStore&) = delete;

  const StoreState& recovered() const noexcept override { return recovered_; }
  /// kFull means that memory ran out.
  void append(const Batch& batch, Completion done) override;
  void record_finish(std::uint32_t agency, Completion done) override;
  void record_draw(std::uint32_t winning_number, Completion done) override;
  [[nodiscard]] std::optional<StoreFailure> visit(BatchVisitor& visitor) const override;
  [[nodiscard]] std::optional<StoreFailure> close() override;

 private:
  struct StoredBatch {
    std::uint32_t agency;
    std::uint32_t size;
    std::string packets;
  };

  boost::system::error_code take(const Batch& batch);
  boost::system::error_code finish(std::uint32_t agency);
  boost::system::error_code hold_draw(std::uint32_t winning_number);
  const StoredBatch* batch_at(std::size_t index) const;

  const StoreState recovered_{};
  mutable std::mutex mutex_;
  StoreRules rules_;
  std::deque<StoredBatch> batches_;  // a deque, because it never moves what it holds
  bool closed_ = false;
};

}  // namespace sorteo
