#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/bet_store.hpp"
#include "core/log.hpp"
#include "storage/batch_finder.hpp"
#include "storage/commit_group.hpp"
#include "storage/log_writer.hpp"
#include "storage/store_rules.hpp"

namespace sorteo {

struct GroupCommitOptions {
  std::size_t max_waiting_bytes = 64 * 1024 * 1024;  ///< over this, changes are refused with kBusy
  /// How long what was written may stay unsynced; nothing when the writer decides.
  std::optional<std::chrono::milliseconds> sync_interval = std::nullopt;
  bool own_thread = true;                ///< whether a thread commits; if not, pump() does
  std::function<void()> on_failed = {};  ///< called once when the writer has failed
  /// Called when the log has begun a new segment, with an encoded checkpoint of what stands before
  /// it. By the writer; must not throw.
  std::function<void(std::string)> on_checkpoint = {};
};

/// Brings the changes of many threads to the log, in groups: while one group is written and synced
/// by the writer thread, the next one gathers in memory. So the slower the disk, the more changes
/// share a sync. Thread-safe.
///
/// Completions run in the order of the log, on the writer thread; refusals run before the call
/// returns.
class GroupCommit final {
 public:
  using Completion = BetStore::Completion;

  /// Starts the writer thread. `log` must outlive this.
  GroupCommit(std::unique_ptr<LogWriter> writer, StoreRules rules, BatchFinder finder,
              GroupCommitOptions options, Log& log);
  /// Closes.
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // As BetStore promises.
  void append(const Batch& batch, Completion done);
  void append_once(const IdentifiedBatch& batch, BetStore::ReceiptCompletion done);
  SessionState session(std::uint32_t agency, const SessionId& session) const;
  void record_finish(std::uint32_t agency, Completion done);
  void record_counted_finish(std::uint32_t agency, std::uint64_t bets,
                             BetStore::CountCompletion done);
  void record_draw(std::uint32_t winning_number, Completion done);
  [[nodiscard]] std::optional<StoreFailure> close();

  /// Without a thread of its own: commits what waits, as one group, and calls back. False when
  /// nothing waited.
  bool pump();

  /// Where the log ends that holds every change which was called back with success.
  struct Committed {
    std::uint64_t end;
    std::uint64_t segment;  ///< the number of the one that it ends in
  };
  Committed committed() const;

  /// The record of the draw, if one is in the log.
  std::optional<Ledger::Draw> draw() const;

 private:
  /// What a callback is told.
  struct Answer {
    boost::system::error_code error;
    Receipt receipt = {};
    std::uint64_t bets = 0;
  };
  using Refusal = std::optional<Answer>;
  using Clock = std::chrono::steady_clock;

  static void tell(Change::Done& done, const Answer& answer);

  // These are called with the mutex held. They give the answer that is known at once, if one is,
  // and take `done` otherwise. When memory runs out they throw std::bad_alloc, having changed
  // nothing.
  Refusal take_batch(const Batch& batch, Change& change);
  Refusal take_once(const IdentifiedBatch& batch, Change& change);
  Refusal take_finish(std::uint32_t agency, std::optional<std::uint64_t> bets, Change& change);
  Refusal take_draw(std::uint32_t winning_number, Change& change);
  std::optional<boost::system::error_code> refusal(std::size_t bytes) const;

  template <typename Take>
  void submit(Take take, Change::Done done);

  void run();
  bool next_group(CommitGroup& group);
  void wait_for_work(std::unique_lock<std::mutex>& lock);
  void sync_if_due(bool is_due);

  /// Changes of a group whose records go into one segment, with one write.
  struct Run {
    std::span<Change> changes;
    std::size_t bytes;  ///< of their records
  };
  void take_waiting(CommitGroup& group) noexcept;
  void commit(CommitGroup& group);
  Run fit(std::span<Change> changes) const noexcept;
  boost::system::error_code commit(const Run& run, BlockBuffer& records);
  std::optional<std::string> prepare_checkpoint(const LogPosition& at);
  void seal(const Run& run, BlockBuffer& records) noexcept;
  void settle(const Run& run) noexcept;
  void settle(Change& change) noexcept;
  Answer answer_of(const Change& change, ByteView& contents);
  Answer look_up(const Change& change, ByteView content);
  void give_up(std::span<Change> changes, boost::system::error_code error);
  void undo(std::span<Change> changes) noexcept;
  void report_failure();
  void report_room(bool has_room);

  const GroupCommitOptions options_;
  Log& log_;
  const std::unique_ptr<LogWriter> writer_;  // used by the writer thread alone until it has ended
  BatchFinder finder_;                       // of the writer thread

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  // What is settled in its ledger is changed by the writer thread alone, with the mutex held.
  StoreRules rules_;
  CommitGroup waiting_;
  Committed committed_;
  bool failed_ = false;
  bool closing_ = false;

  CommitGroup group_;                          // of the writer thread
  CommitGroup behind_;                         // of the writer thread
  std::optional<Clock::time_point> sync_due_;  // of the writer thread, when something is unsynced
  bool had_room_ = true;                       // of the writer thread
  bool was_reported_ = false;                  // of the writer thread

  std::mutex close_mutex_;  // held while the writer thread is waited for
  bool is_closed_ = false;  // with close_mutex_
  std::thread thread_;
};

}  // namespace sorteo
