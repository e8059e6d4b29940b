#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "client_sdk/batch_log.hpp"
#include "core/session_id.hpp"

namespace sorteo::client {

/// What an outbox knows: what its file says, record for record.
struct OutboxState {
  SessionId session;
  std::uint64_t last_sequence = 0;  ///< of the newest batch; 0 when there was none
  std::uint64_t bets_taken = 0;     ///< of all batches
  std::uint64_t settled = 0;        ///< every batch up to this one has its outcome
  std::uint64_t settled_bets = 0;   ///< of those, the bets that are stored
  std::deque<OutboxBatch> unsettled;

  /// Whether `batch` is the next one: it follows without a gap.
  bool is_next(const OutboxBatch& batch) const noexcept {
    return batch.sequence == last_sequence + 1 && batch.first_bet == bets_taken + 1;
  }

  /// Adds the next batch.
  void take(OutboxBatch batch) {
    last_sequence = batch.sequence;
    bets_taken += batch.bets;
    unsettled.push_back(std::move(batch));
  }

  /// Whether the batch `sequence` is the oldest unsettled one, and holds so many bets at least.
  bool is_next_to_settle(std::uint64_t sequence, std::uint64_t stored_bets) const noexcept {
    return !unsettled.empty() && unsettled.front().sequence == sequence &&
           stored_bets <= unsettled.front().bets;
  }

  /// Takes the outcome of the oldest unsettled batch.
  void settle(std::uint64_t stored_bets) {
    settled = unsettled.front().sequence;
    settled_bets += stored_bets;
    unsettled.pop_front();
  }

  friend bool operator==(const OutboxState&, const OutboxState&) = default;
};

}  // namespace sorteo::client
