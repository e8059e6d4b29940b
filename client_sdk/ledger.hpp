#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "client_sdk/client.hpp"

namespace sorteo::client {

/// The places of bets that follow each other, among all submitted.
struct BetSpan {
  std::uint64_t first = 0;  ///< from 1
  std::uint64_t count = 0;

  friend bool operator==(const BetSpan&, const BetSpan&) = default;
};

/// `bets 101 to 200`, or `bet 7`.
std::string describe(const BetSpan& bets);

/// Keeps the count of what became of the bets, tells the program of it, and holds the failures of
/// batches until a call of the client can return them.
class Ledger final {
 public:
  /// The callbacks may be empty.
  Ledger(std::function<void(const Progress&)> on_progress,
         std::function<void(const BatchResult&)> on_batch);

  void note_submitted(std::uint64_t total) noexcept { progress_.bets_submitted = total; }

  /// What an outbox knows from earlier runs.
  void note_earlier_runs(std::uint64_t taken, std::uint64_t stored,
                         std::uint64_t refused) noexcept {
    progress_.bets_submitted = taken;
    progress_.bets_recovered = stored;
    progress_.bets_refused = refused;
  }

  /// How many bets are on their way a second time, or will be.
  void note_unknown(std::uint64_t bets) noexcept { progress_.bets_unknown = bets; }

  /// Notes what became of the batch of `bets`. `reason` is why it is not stored.
  void note(const BetSpan& bets, Outcome outcome, std::string reason = {});

  /// Keeps a failure that concerns batches. Of several, take_failure() returns the first of the
  /// gravest kind, which says how many more there were.
  void keep(Failure failure);

  /// The failure of all kept since the last time.
  std::optional<Failure> take_failure();

  const Progress& progress() const noexcept { return progress_; }

 private:
  std::function<void(const Progress&)> on_progress_;
  std::function<void(const BatchResult&)> on_batch_;
  Progress progress_;
  std::optional<Failure> gravest_;
  std::size_t others_ = 0;
};

}  // namespace sorteo::client
