#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client_sdk/batch_log.hpp"
#include "tests/simulation/chance.hpp"

namespace sorteo::simulation {

/// An outbox in memory that outlives its program. What was appended is kept for good; how far it
/// was settled may be forgotten by a crash, as an outbox file may forget it.
class MemoryBatchLog final : public client::BatchLog {
 public:
  explicit MemoryBatchLog(const SessionId& session) : session_(session) {}

  const SessionId& session() const override { return session_; }
  std::uint64_t bets_taken() const override;
  std::uint64_t last_sequence() const override { return batches_.size(); }
  std::uint64_t settled() const override { return stored_.size(); }
  std::uint64_t settled_bets() const override;
  std::vector<client::OutboxBatch> unsettled() const override;
  [[nodiscard]] std::optional<std::string> append(const client::OutboxBatch& batch) override;
  [[nodiscard]] std::optional<std::string> settle(std::uint64_t sequence,
                                                  std::uint64_t stored_bets) override;

  /// The program or its machine crashes: notes of what was settled since the last time may be lost.
  void crash(Chance& chance);

 private:
  const SessionId session_;
  std::vector<client::OutboxBatch> batches_;
  std::vector<std::uint64_t> stored_;  // bets of each settled batch
};

}  // namespace sorteo::simulation
