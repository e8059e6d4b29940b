#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "apps/cli/bench/answer_stream.hpp"
#include "apps/cli/bench/batch_stream.hpp"
#include "apps/cli/bench/load.hpp"
#include "apps/cli/bench/schedule.hpp"

namespace sorteo::cli {

struct WireConnectionOptions {
  WireVersion version = WireVersion::k2;
  std::uint32_t agency = 0;
  std::uint64_t number = 0;  ///< among all connections, from 0
  SessionId session;
  std::uint64_t window = 64;  ///< batches without an answer
  std::uint32_t batch_bets = 100;
  const Schedule* schedule = nullptr;  ///< of an open loop; must outlive the connection
};

/// One connection of the load: sends ready-made batches as its window and its schedule allow, and
/// counts their answers. Its socket does not block; whoever owns it says when it is ready.
/// Allocates nothing but for failures. Not thread-safe.
class WireConnection final {
 public:
  /// Takes `descriptor`. `batches` must outlive the connection.
  WireConnection(int descriptor, const WireConnectionOptions& options, const ReadyBatches& batches);
  WireConnection(WireConnection&& other) noexcept;
  WireConnection(const WireConnection&) = delete;
  WireConnection& operator=(const WireConnection&) = delete;
  WireConnection& operator=(WireConnection&&) = delete;
  ~WireConnection();

  int descriptor() const noexcept { return descriptor_; }

  /// Writes as many batches as may be written now.
  void send(const RunControl& control, GatherRoom& room, LoadResult& result);

  /// Reads what has come into `room`, and counts it; `has_ended` when the server's end was seen.
  void receive(const RunControl& control, std::span<std::byte> room, bool has_ended,
               LoadTally& tally, LoadResult& result);

  /// Open loop: one more batch is due.
  void release_one() noexcept { ++due_; }

  /// Begins no further batch. What was due and not begun counts as unsent, and with the time that
  /// it has waited.
  void stop_sending(RunControl::Time now, const RunControl& control, LoadResult& result);

  /// Whether every batch that was begun has its answer, or none will come any more.
  bool is_idle() const noexcept { return has_failed_ || answered_ == stream_.begun(); }

  /// Whether a batch has been waiting for its answer for `time`.
  bool has_waited(RunControl::Time now, RunControl::Time time) const noexcept {
    return !is_idle() && now - began_at(answered_) >= time;
  }

  /// The connection is of no more use, and why.
  void fail(ExitCode code, const std::string& why, LoadResult& result);
  bool has_failed() const noexcept { return has_failed_; }

  const WireConnectionOptions& options() const noexcept { return options_; }
  std::uint64_t begun() const noexcept { return stream_.begun(); }
  std::uint64_t answered() const noexcept { return answered_; }
  /// Open loop: when the next batch that has not been released is due.
  RunControl::Time next_due() const noexcept {
    return options_.schedule->due(options_.number, due_);
  }

 private:
  void count_answers(const RunControl& control, LoadTally& tally, LoadResult& result);
  bool check(const Answer& answer, LoadResult& result);
  std::uint64_t sendable_end() const noexcept;
  RunControl::Time began_at(std::uint64_t batch) const noexcept;

  int descriptor_;
  WireConnectionOptions options_;
  BatchStream stream_;
  AnswerStream answers_;
  std::vector<RunControl::Time> began_;  // closed loop: of each batch in the window
  std::uint64_t released_ = 0;           // closed loop: so many have got their time
  std::uint64_t answered_ = 0;
  std::uint64_t due_ = 0;
  bool is_stopping_ = false;
  bool has_failed_ = false;
};

}  // namespace sorteo::cli
