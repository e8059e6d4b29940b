#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "core/bet_store.hpp"
#include "core/log.hpp"
#include "storage/commit_group.hpp"
#include "storage/log_writer.hpp"
#include "storage/store_rules.hpp"

namespace sorteo {

struct GroupCommitOptions {
  std::size_t max_waiting_bytes = 64 * 1024 * 1024;  ///< over this, changes are refused with kBusy
  std::chrono::milliseconds idle_mark{1000};         ///< quiet time before a mark; 0 for never
  /// How long what was written may stay unsynced; nothing when the writer decides.
  std::optional<std::chrono::milliseconds> sync_interval = std::nullopt;
  bool own_thread = true;                ///< whether a thread commits; if not, pump() does
  std::function<void()> on_failed = {};  ///< called once when the writer has failed
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
  GroupCommit(std::unique_ptr<LogWriter> writer, StoreRules rules, GroupCommitOptions options,
              Log& log);
  /// Closes.
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // As BetStore promises.
  void append(const Batch& batch, Completion done);
  void record_finish(std::uint32_t agency, Completion done);
  void record_draw(std::uint32_t winning_number, Completion done);
  [[nodiscard]] std::optional<StoreFailure> close();

  /// Without a thread of its own: commits what waits, as one group, and calls back. False when
  /// nothing waited.
  bool pump();

  /// Where the log ends that holds every change which was called back with success.
  std::uint64_t committed_end() const;

 private:
  using Answer = std::optional<boost::system::error_code>;

  // These are called with the mutex held. They give the answer that is known at once, if one is,
  // and take `done` otherwise. When memory runs out they throw std::bad_alloc, having changed
  // nothing.
  Answer take_batch(const Batch& batch, Completion& done);
  Answer take_finish(std::uint32_t agency, Completion& done);
  Answer take_draw(std::uint32_t winning_number, Completion& done);
  Answer refusal(std::size_t bytes) const;

  template <typename Take>
  void submit(Take take, Completion done);

  using Clock = std::chrono::steady_clock;

  void run();
  bool next_group(CommitGroup& group);
  void wait_for_work(std::unique_lock<std::mutex>& lock);
  void commit(CommitGroup& group);
  void sync_if_due();
  void settle(CommitGroup& group, boost::system::error_code outcome);
  void report_failure();
  void report_room(bool has_room);

  const GroupCommitOptions options_;
  Log& log_;
  const std::unique_ptr<LogWriter> writer_;  // used by the writer thread alone until it has ended

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  StoreRules rules_;
  CommitGroup waiting_;
  std::uint64_t committed_end_;
  bool failed_ = false;
  bool closing_ = false;

  CommitGroup group_;           // of the writer thread
  Clock::time_point sync_due_;  // of the writer thread, when something is unsynced
  bool had_room_ = true;        // of the writer thread
  bool was_reported_ = false;   // of the writer thread
  bool is_closed_ = false;      // with close_mutex_

  std::mutex close_mutex_;  // held while the writer thread is waited for
  std::thread thread_;
};

}  // namespace sorteo
