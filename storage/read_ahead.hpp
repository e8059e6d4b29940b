#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/bet_store.hpp"
#include "storage/file.hpp"
#include "storage/record_block.hpp"

namespace sorteo {

struct ReadAheadOptions {
  unsigned threads = 0;                  ///< that read; 0: nothing is read ahead
  std::size_t block_bytes = 512 * 1024;  ///< that one of them takes on at a time

  /// A thread for each CPU, up to eight.
  static ReadAheadOptions for_this_machine() noexcept;
};

/// Reads the records of a segment ahead of somebody who goes over them one after the other, and
/// computes their checksums, on threads of its own: that takes longer than all other checks
/// together. Beside that it shows the batches to parts, which is the other work that needs no
/// order.
///
/// It saves time and decides nothing. It ends before the first bytes that are not a whole record
/// with the right checksum, or that could not be read, and whoever goes over the records reads
/// those by themselves, says what they are, and starts it again behind them. Memory is bounded by
/// two blocks for each thread, and two. One thread may use it.
class ReadAhead final {
 public:
  /// The parts of `parts`, if that is given, see the batches of the blocks; it must outlive this.
  explicit ReadAhead(const ReadAheadOptions& options, PartVisitor* parts);
  /// Stops.
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// Begins with the record at `from` of `file`, of the log with the id `log_id`, and goes on up to
  /// `end`. Does nothing when that is less than a block, or the system has no threads or memory
  /// left. `file` must live until stop().
  void start(const File& file, std::uint64_t from, std::uint64_t end,
             std::uint64_t log_id) noexcept;

  /// Whether there may still be something to come.
  bool is_started() const noexcept { return is_started_; }

  /// The record at `offset` of the file, whole and with the right checksum. Waits for it. Nothing
  /// when this does not know it: then it has stopped. Lives until the next call with the offset of
  /// another block, or stop().
  std::optional<ByteView> at(std::uint64_t offset) noexcept;

  /// The block with the record that at() returned last; null after stop().
  const RecordBlock* block() const noexcept { return current_; }

  /// Forgets everything, and lets go of the file.
  void stop() noexcept;

 private:
  struct Slot {
    explicit Slot(std::size_t bytes) : block(bytes) {}
    RecordBlock block;
    bool is_ready = false;
  };
  struct Stretch {
    const File* file;
    std::uint64_t from;
    std::uint64_t end;
    std::uint64_t log_id;
  };

  void start_threads();
  void run();
  void fill(Slot& slot, std::unique_lock<std::mutex>& lock);
  bool may_read() const noexcept;
  RecordBlock* next_block() noexcept;

  const ReadAheadOptions options_;
  PartVisitor* const parts_;
  std::vector<Slot> slots_;  // used in turn
  std::vector<std::thread> threads_;

  // Of the thread that uses this.
  bool is_started_ = false;
  RecordBlock* current_ = nullptr;

  std::mutex mutex_;
  std::condition_variable may_read_;
  std::condition_variable is_ready_;
  Stretch left_{};           // what is still to be read
  bool is_running_ = false;  // something is still to be read
  bool is_reading_ = false;  // by one thread at a time: where the next block begins, only it knows
  bool is_ending_ = false;
  unsigned busy_ = 0;  // threads
  // Blocks, counted from the first: they are begun and taken in the same order.
  std::uint64_t begun_ = 0;
  std::uint64_t taken_ = 0;
};

}  // namespace sorteo
