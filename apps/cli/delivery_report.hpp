#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client_sdk/client.hpp"

namespace sorteo::cli {

/// What earlier submissions of the same file have left in its outbox.
struct EarlierRuns {
  std::uint64_t taken = 0;    ///< bets, from the first one on
  std::uint64_t stored = 0;   ///< of these; the server has said so
  std::uint64_t refused = 0;  ///< of these

  friend bool operator==(const EarlierRuns&, const EarlierRuns&) = default;
};

/// What is known of the bets of one file: how many are stored, refused, unknown and not sent, and
/// which lines the server did not acknowledge. Memory grows with the batches that are not stored,
/// which the window bounds, and not with the others. Not thread-safe.
class DeliveryReport final {
 public:
  /// `bets` are to be sent, of which earlier runs have sent some.
  explicit DeliveryReport(std::uint64_t bets, const EarlierRuns& earlier = {})
      : bets_(bets), stored_(earlier.stored), refused_(earlier.refused) {}

  /// Takes note of what became of a batch.
  void add(const client::BatchResult& result);

  std::uint64_t bets() const noexcept { return bets_; }
  std::uint64_t stored() const noexcept { return stored_; }
  /// Of the stored ones, those that had come to the server before.
  std::uint64_t duplicate() const noexcept { return duplicate_; }
  std::uint64_t refused() const noexcept { return refused_; }
  std::uint64_t unknown() const noexcept { return unknown_; }
  std::uint64_t answered() const noexcept { return stored_ + refused_; }
  std::uint64_t not_sent() const noexcept { return bets_ - stored_ - refused_ - unknown_; }

  /// The log lines: `action: envio | ...` with the counts, then `action: lote | ...` for every
  /// batch that is not stored, in the order of the file. Bet N stands on line N.
  std::vector<std::string> lines() const;

 private:
  const std::uint64_t bets_;
  std::uint64_t stored_;
  std::uint64_t duplicate_ = 0;
  std::uint64_t refused_;
  std::uint64_t unknown_ = 0;
  std::vector<client::BatchResult> not_stored_;
};

}  // namespace sorteo::cli
