#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "client_sdk/batch_log.hpp"
#include "client_sdk/batcher.hpp"
#include "client_sdk/ledger.hpp"
#include "client_sdk/ring.hpp"

namespace sorteo::client {

/// What became of a batch.
struct Settled {
  std::uint64_t sequence = 0;
  BetSpan bets;
  Outcome outcome = Outcome::kStored;
  std::string reason;              ///< of a refusal
  bool is_of_earlier_run = false;  ///< the log brought it along

  friend bool operator==(const Settled&, const Settled&) = default;
};

/// The batches of one session that have no outcome yet, in the order of their sequence numbers:
/// which have been sent on the present connection, and which may have arrived by an earlier one.
class BatchWindow final {
 public:
  /// At most `capacity` batches. With a `log`, which may be null and must outlive the window, each
  /// batch is in the log before it is in the window, and the window begins with what the log has
  /// not settled.
  BatchWindow(std::size_t capacity, BatchLog* log);

  bool has_room() const noexcept { return entries_.size() < capacity_; }
  bool empty() const noexcept { return entries_.empty(); }
  std::size_t size() const noexcept { return entries_.size(); }

  /// The sequence number of the first batch without an outcome, or the next to be given.
  std::uint64_t first() const noexcept { return first_; }
  /// The highest sequence number that has been sent, maybe by an earlier run; 0 for none.
  std::uint64_t last_sent() const noexcept { return last_sent_; }
  /// How many bets are stored under this session, as far as is known.
  std::uint64_t stored_bets() const noexcept { return stored_bets_; }
  /// How many bets were sent on a connection that is lost, or by an earlier run.
  std::uint64_t uncertain_bets() const noexcept { return uncertain_bets_; }
  /// The batches that have been sent, on this connection or another.
  std::vector<BatchResult> sent() const;
  /// Takes out every batch, none of which may have been sent.
  std::deque<OutgoingBatch> take_unsent();

  /// Adds a batch, for which there must be room, under the next number; leaves in its place an
  /// empty buffer that has served. A message for a person when the log does not take it; then
  /// `batch` is as it was.
  [[nodiscard]] std::optional<std::string> push(OutgoingBatch& batch);

  /// The batch that is to be sent next on this connection; null when all are.
  const OutboxBatch* next_to_send() const noexcept;
  /// It has been sent.
  void note_sent() noexcept;
  /// The first batch, which must be there, here and below.
  const OutboxBatch& front() const noexcept { return entries_.front().batch; }
  std::uint64_t bets_of_first() const noexcept { return entries_.front().batch.bets; }
  /// Whether it may have arrived by an earlier connection.
  bool is_first_uncertain() const noexcept { return entries_.front().is_uncertain; }
  /// From now on a batch without bets is sent in its place, which tells whether it is stored: where
  /// it is, there is a conflict.
  void withhold_first() noexcept { entries_.front().is_withheld = true; }
  bool is_first_withheld() const noexcept { return entries_.front().is_withheld; }
  /// Begins again with the first batch.
  void go_back() noexcept { next_ = 0; }
  /// What was sent may be stored or not.
  void note_uncertain() noexcept;

  /// The first batch has its outcome. `stored` of its bets are stored.
  void settle_first(Outcome outcome, std::uint64_t stored, std::string reason = {});
  /// All up to `sequence` are stored.
  void settle_through(std::uint64_t sequence);
  /// The first batch is refused and its number not taken up: what is sent under it from now on is a
  /// batch without bets, so that those behind it may follow. False when it has none already.
  bool refuse_first_and_empty_it(const std::string& reason);
  /// Every batch is refused, and no number is taken up.
  void refuse_all(const std::string& reason);

  /// The next outcome, in order, that has not been taken.
  std::optional<Settled> take_settled();

  /// Why the log could not note an outcome, once.
  std::optional<std::string> take_log_fault();

 private:
  struct Entry {
    OutboxBatch batch;
    bool is_of_earlier_run = false;
    bool is_uncertain = false;  // it was sent, and its connection is lost
    bool is_told = false;       // its refusal has been told already
    bool is_withheld = false;   // it is asked about, and not sent
  };

  void tell(const Entry& entry, Outcome outcome, std::string reason);

  const std::size_t capacity_;
  BatchLog* const log_;
  std::uint64_t first_ = 1;
  std::uint64_t last_sent_ = 0;
  std::uint64_t stored_bets_ = 0;
  std::uint64_t uncertain_bets_ = 0;  // of entries_
  Ring<Entry> entries_;
  std::size_t next_ = 0;  // among entries_: the first that this connection has not been given
  Ring<Settled> settled_;
  std::optional<std::string> log_fault_;
};

}  // namespace sorteo::client
