#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/batch.hpp"
#include "core/store_error.hpp"
#include "core/unique_function.hpp"

namespace sorteo {

/// What a store found when it was opened.
struct StoreState {
  std::uint64_t batches = 0;
  std::uint64_t bets = 0;
  std::vector<std::uint32_t> finished;          ///< agencies, in the order in which they finished
  std::optional<std::uint32_t> winning_number;  ///< of the draw, when it has been held

  friend bool operator==(const StoreState&, const StoreState&) = default;
};

/// An error for a person: what a store could not do, where, and why.
struct StoreFailure {
  boost::system::error_code code;  ///< a StoreError, or what the system said
  std::string message;             ///< names the file and, where there is one, the offset
};

/// Called with each stored batch. An interface and not a function object, because a draw goes over
/// 100 million bets.
class BatchVisitor {
 public:
  virtual ~BatchVisitor() = default;

  /// `batch` lives until this returns. False ends the visit early.
  virtual bool visit(const Batch& batch) = 0;
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

  virtual ~BetStore() = default;

  /// What was found on opening. Does not change afterwards.
  virtual const StoreState& recovered() const noexcept = 0;

  /// Stores all of `batch` or nothing of it. The bytes of `batch` are read before this returns.
  /// Errors: kAgencyFinished, kDrawHeld, kFull, kBusy, kFailed, kClosed, kTooLarge. An empty batch
  /// is stored by storing nothing; the same errors apply.
  virtual void append(const Batch& batch, Completion done) = 0;

  /// Records that `agency` has finished: its later batches are refused with kAgencyFinished, from
  /// this call on, unless it fails. Recording it again is harmless and succeeds. Errors: kFull,
  /// kBusy, kFailed, kClosed.
  virtual void record_finish(std::uint32_t agency, Completion done) = 0;

  /// Records that the draw has been held: later batches are refused with kDrawHeld, from this call
  /// on, unless it fails. Recording it again succeeds with the same number. Errors: kDrawHeld for
  /// another number than the recorded one; kFull, kBusy, kFailed, kClosed.
  virtual void record_draw(std::uint32_t winning_number, Completion done) = 0;

  /// Shows every batch whose append had been called back with success before this call, in the
  /// order in which they were stored; later ones may follow. Blocks while it reads, beside appends
  /// that go on. Nothing when every batch was shown or the visitor ended the visit.
  [[nodiscard]] virtual std::optional<StoreFailure> visit(BatchVisitor& visitor) const = 0;

  /// Completes what was asked before, makes it durable, and releases the files. Blocks. Later
  /// changes are refused with kClosed. Closing again does nothing.
  [[nodiscard]] virtual std::optional<StoreFailure> close() = 0;
};

}  // namespace sorteo
