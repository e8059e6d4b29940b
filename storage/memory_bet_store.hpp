#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "core/bet_store.hpp"

namespace sorteo {

/// Keeps the bets in memory: for tests and for trying things out. Nothing survives the process, and
/// memory grows with the bets. Callbacks run before the call returns.
class MemoryBetStore final : public BetStore {
 public:
  const StoreState& recovered() const noexcept override;
  void append(const Batch& batch, Completion done) override;
  void record_finish(std::uint32_t agency, Completion done) override;
  void record_draw(std::uint32_t winning_number, Completion done) override;
  std::optional<StoreFailure> visit(BatchVisitor& visitor) const override;
  std::optional<StoreFailure> close() override;
};

}  // namespace sorteo
