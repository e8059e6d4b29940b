#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/batch.hpp"
#include "core/session_id.hpp"
#include "core/store_error.hpp"
#include "core/unique_function.hpp"

namespace sorteo {

/// The documents of the winners of each agency, in the order in which its bets were stored.
using WinnersByAgency = std::map<std::uint32_t, std::vector<std::uint32_t>>;

/// What a store found when it was opened.
struct StoreState {
  std::uint64_t batches = 0;  ///< with bets in them
  std::uint64_t bets = 0;
  std::vector<std::uint32_t> finished;          ///< agencies, in the order in which they finished
  std::optional<std::uint32_t> winning_number;  ///< of the draw, when it has been held
  std::uint64_t sessions = 0;                   ///< senders of identified batches
  /// Who won, when the draw has been held and they were kept (BetStore::keep_winners).
  std::optional<WinnersByAgency> winners = std::nullopt;

  friend bool operator==(const StoreState&, const StoreState&) = default;
};

/// An error for a person: what a store could not do, where, and why.
struct StoreFailure {
  boost::system::error_code code;  ///< a StoreError, or what the system said
  std::string message;             ///< names the file and, where there is one, the offset
};

/// A batch that is to be stored once, however often it comes: (agency, session, sequence) is its
/// identity.
struct IdentifiedBatch {
  SessionId session;
  std::uint64_t sequence = 0;  ///< from 1, without gaps
  std::uint32_t agency = 0;
  ByteView content;  ///< what the identity stands for: the bytes behind it, Packets as they came
  /// How many checked bets `content` holds; nothing when it breaks a rule: then only its refusal is
  /// recorded, as the outcome of its identity, and the session goes on behind it.
  std::optional<std::uint32_t> bets;
};

/// What became of an identified batch when it came for the first time.
enum class BatchOutcome : std::uint8_t {
  kStored = 1,   ///< its bets are stored
  kRefused = 2,  ///< its content breaks a rule: nothing of it is stored
};

/// The store's word on an identified batch.
struct Receipt {
  BatchOutcome outcome = BatchOutcome::kStored;  ///< the original one
  bool is_duplicate = false;                     ///< it had come before
  std::uint32_t bets = 0;                        ///< stored under this identity
  /// Every sequence number of the session up to here has a durable outcome. Holds beside an error,
  /// too.
  std::uint64_t durable = 0;

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// What a store knows of one sender.
struct SessionState {
  std::uint64_t durable = 0;       ///< every sequence number up to here has a durable outcome
  std::uint64_t agency_bets = 0;   ///< durable bets of the agency, from all its senders
  std::uint64_t last_refused = 0;  ///< the highest durable number that was refused; 0 when none was

  friend bool operator==(const SessionState&, const SessionState&) = default;
};

/// Called with each stored batch. An interface and not a function object, because a draw goes over
/// 100 million bets.
class BatchVisitor {
 public:
  virtual ~BatchVisitor() = default;

  /// `batch` lives until this returns. False ends the visit early.
  virtual bool visit(const Batch& batch) = 0;
};

/// What a visit makes of some batches that were stored one behind the other. Not thread-safe.
class BatchPart {
 public:
  virtual ~BatchPart() = default;

  /// The next of them. `batch` lives until this returns.
  virtual void add(const Batch& batch) = 0;
};

/// Goes over the stored batches with the work shared out among threads: the batches are shown to
/// many parts at once, and the parts are taken in the order in which their batches were stored.
class PartVisitor {
 public:
  virtual ~PartVisitor() = default;

  /// A part that has seen nothing. Called from any thread, also from several at a time.
  virtual std::unique_ptr<BatchPart> make_part() = 0;

  /// The batches of `part` come next. Leaves it empty, as make_part() made it: it is used again.
  /// Called on the thread that visits, which ends early on false.
  virtual bool take(BatchPart& part) = 0;
};

/// Keeps the bets, the agencies that have finished, and the draw. Thread-safe.
///
/// Every change is called back exactly once, with no error when it is as durable as the
/// configuration promises; from any thread, and possibly before the call returns. A callback must
/// not block, must not throw, and must not close the store. Changes become visible, and durable, in
/// one order; no two threads see two orders.
class BetStore {
 public:
  using Completion = UniqueFunction<void(boost::system::error_code)>;
  using ReceiptCompletion = UniqueFunction<void(boost::system::error_code, const Receipt&)>;
  /// With the number of the agency's bets that are stored.
  using CountCompletion = UniqueFunction<void(boost::system::error_code, std::uint64_t bets)>;

  virtual ~BetStore() = default;

  /// What was found on opening. Does not change afterwards.
  virtual const StoreState& recovered() const noexcept = 0;

  /// Stores all of `batch` or nothing of it. The bytes of `batch` are read before this returns.
  /// Errors: kAgencyFinished, kDrawHeld, kFull, kBusy, kFailed, kClosed, kTooLarge. An empty batch
  /// is stored by storing nothing; the same errors apply.
  virtual void append(const Batch& batch, Completion done) = 0;

  /// Stores all of `batch` once, or records its refusal once. The bytes of `batch` are read before
  /// this returns. A batch that has come before, be it long ago, in this process or in an earlier
  /// one, is not stored again: its receipt repeats the original outcome, and comes when that is
  /// durable. An empty batch takes up its sequence number too.
  /// Errors: kConflict for an identity that stands for another content; kSequenceGap when a batch
  /// before it has not come; and those of append(), after which the batch may be given again. An
  /// agency that has finished, or a draw that has been held, does not hinder the receipt of a
  /// duplicate.
  virtual void append_once(const IdentifiedBatch& batch, ReceiptCompletion done) = 0;

  /// What is durable of the sender `session` of `agency`, which may be unknown.
  virtual SessionState session(std::uint32_t agency, const SessionId& session) const = 0;

  /// Records that `agency` has finished: its later batches are refused with kAgencyFinished, from
  /// this call on, unless it fails. Recording it again is harmless and succeeds. Errors: kFull,
  /// kBusy, kFailed, kClosed.
  virtual void record_finish(std::uint32_t agency, Completion done) = 0;

  /// The same, if exactly `bets` bets of the agency are stored. In the callback, the number that is
  /// stored. Errors: kCountMismatch, when nothing is recorded, also for an agency that had
  /// finished; and those of record_finish().
  virtual void record_counted_finish(std::uint32_t agency, std::uint64_t bets,
                                     CountCompletion done) = 0;

  /// Records that the draw has been held: later batches are refused with kDrawHeld, from this call
  /// on, unless it fails. Recording it again succeeds with the same number. Errors: kDrawHeld for
  /// another number than the recorded one; kFull, kBusy, kFailed, kClosed.
  virtual void record_draw(std::uint32_t winning_number, Completion done) = 0;

  /// Shows every batch whose append had been called back with success before this call, in the
  /// order in which they were stored; later ones may follow. Blocks while it reads, beside appends
  /// that go on. Nothing when every batch was shown or the visitor ended the visit.
  [[nodiscard]] virtual std::optional<StoreFailure> visit(BatchVisitor& visitor) const = 0;

  /// The same in parts, of which each batch is in one. A store that has nothing to gain from it
  /// makes one part after the other on the calling thread.
  [[nodiscard]] virtual std::optional<StoreFailure> visit_parts(PartVisitor& visitor) const;

  /// Keeps who won the draw that has been held, so that a later opening finds them in
  /// StoreState::winners and need not read every bet. Blocks. They are computed from the bets, so
  /// losing them costs time alone: a store may do nothing.
  [[nodiscard]] virtual std::optional<StoreFailure> keep_winners(
      const WinnersByAgency& winners) = 0;

  /// Completes what was asked before, makes it durable, and releases the files. Blocks. Later
  /// changes are refused with kClosed. Closing again does nothing.
  [[nodiscard]] virtual std::optional<StoreFailure> close() = 0;
};

}  // namespace sorteo
