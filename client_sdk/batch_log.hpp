#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/session_id.hpp"

namespace sorteo::client {

/// A batch under its sequence number.
struct OutboxBatch {
  std::uint64_t sequence = 0;   ///< within the session, from 1 without gaps
  std::uint64_t first_bet = 0;  ///< the place of its first bet among all taken, from 1
  std::uint64_t bets = 0;       ///< how many
  std::string packets;          ///< the bets, as on the wire (docs/protocol.md, "Batch")

  friend bool operator==(const OutboxBatch&, const OutboxBatch&) = default;
};

/// Where the batches of one session are kept before they are sent, and how far they have had their
/// outcomes, so that a program that is run again sends the same batches under the same numbers. Not
/// thread-safe.
class BatchLog {
 public:
  virtual ~BatchLog() = default;

  virtual const SessionId& session() const = 0;
  /// How many bets have been appended, ever.
  virtual std::uint64_t bets_taken() const = 0;
  /// The sequence number of the last batch appended; 0 when there is none.
  virtual std::uint64_t last_sequence() const = 0;
  /// The batches up to this sequence number have had their outcomes.
  virtual std::uint64_t settled() const = 0;
  /// How many bets of those are stored.
  virtual std::uint64_t settled_bets() const = 0;
  /// The batches behind settled(), in order, without gaps.
  virtual std::vector<OutboxBatch> unsettled() const = 0;

  /// Keeps `batch`, whose sequence number is the one after the last, for good before it returns.
  /// Otherwise a message for a person, and the batch is not kept.
  [[nodiscard]] virtual std::optional<std::string> append(const OutboxBatch& batch) = 0;

  /// Notes that the batch after settled() has had its outcome, and how many of its bets are stored.
  /// A note that a crash takes along does no harm: the server answers the batch as a duplicate. A
  /// message for a person when it could not be written.
  [[nodiscard]] virtual std::optional<std::string> settle(std::uint64_t sequence,
                                                          std::uint64_t stored_bets) = 0;
};

}  // namespace sorteo::client
