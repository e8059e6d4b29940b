#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/bet_store.hpp"
#include "storage/ledger.hpp"

namespace sorteo {

/// Which changes a store takes: no bets from an agency that has finished, none after the draw, and
/// the batches of a session in their order. Every store asks it in the order in which the changes
/// come. Not thread-safe.
///
/// A change counts from when it was accepted. When it is stored, it is settled; when it cannot be,
/// it is taken back, with all that were accepted after it.
class StoreRules final {
 public:
  enum class Verdict {
    kRecord,   ///< new: record it and settle it
    kWait,     ///< its record is under way
    kSettled,  ///< recorded before
  };

  StoreRules() = default;
  /// Goes on where `recovered` ends.
  explicit StoreRules(Ledger recovered);

  const Ledger& ledger() const noexcept { return ledger_; }
  Ledger& ledger() noexcept { return ledger_; }

  /// Why no batch of the agency is taken, whose record would have a payload of `bytes` bytes.
  /// Errors: kDrawHeld, kAgencyFinished, kTooLarge.
  boost::system::error_code check(std::uint32_t agency, std::size_t bytes) const;
  boost::system::error_code check(const Batch& batch) const;

  /// Whether the batch has come before. Errors: kSequenceGap, and for a new one those above.
  enum class Arrival { kNew, kAgain };
  boost::system::result<Arrival> arrival(const IdentifiedBatch& batch) const;

  /// Every sequence number of the session up to here is settled.
  std::uint64_t durable(std::uint32_t agency, const SessionId& session) const;
  /// As BetStore::session() has it.
  SessionState state_of(std::uint32_t agency, const SessionId& session) const;
  /// Bets of the agency that are settled, and those that are accepted.
  std::uint64_t settled_bets(std::uint32_t agency) const;
  std::uint64_t accepted_bets(std::uint32_t agency) const;

  // These accept what was checked. They throw std::bad_alloc, and have changed nothing then.

  Ledger::Agency& accept(std::uint32_t agency, std::uint32_t bets);
  /// A new batch.
  Ledger::Sessions::value_type& accept(const IdentifiedBatch& batch);
  /// The session of a batch that has come before.
  Ledger::Sessions::value_type& session_of(const IdentifiedBatch& batch);
  Verdict finish(std::uint32_t agency);
  /// Errors: kDrawHeld, for another number.
  boost::system::result<Verdict> hold_draw(std::uint32_t winning_number);

  // These settle what was accepted, in that order.

  void settle_batch(Ledger::Agency& agency, std::uint32_t bets) noexcept;
  /// The record of the session's next batch begins at `offset`.
  void settle_sequence(Ledger::Session& session, std::uint64_t offset, bool is_refusal) noexcept;
  void settle_finish(std::uint32_t number) noexcept;
  void settle_draw(const Ledger::Draw& draw) noexcept;

  // These take back everything that is accepted and not settled.

  static void undo(Ledger::Agency& agency) noexcept;
  static void undo(Ledger::Session& session) noexcept;
  void undo_draw() noexcept;

 private:
  Ledger ledger_;
  std::optional<std::uint32_t> accepted_draw_;
};

}  // namespace sorteo
