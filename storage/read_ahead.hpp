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
  unsigned threads = 0;  ///< beside the one that wants the records; 0: nothing is read ahead
  std::size_t block_bytes = 512 * 1024;  ///< that a thread takes on at a time

  /// With the one that wants the records a thread for each CPU, up to eight.
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
/// two blocks for each thread, that of the user included, and their last records, which are not
/// read ahead if they are longer than a block. One thread may use it.
class ReadAhead final {
 public:
  /// The parts of `parts`, if that is given, see the batches of the blocks; it must outlive this.
  explicit ReadAhead(const ReadAheadOptions& options, PartVisitor* parts);
  /// Stops.
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// What is to be read of a segment.
  struct Stretch {
    const File* file = nullptr;  ///< must live until stop()
    std::uint64_t base = 0;      ///< of the segment
    std::uint64_t log_id = 0;
    std::uint64_t from = 0;  ///< where in the file a record begins
    std::uint64_t end = 0;   ///< up to where in the file
  };

  /// Begins to read. Does nothing when that is less than a block, or the system has no threads or
  /// memory left.
  void start(const Stretch& stretch) noexcept;

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

  void start_threads();
  void run();
  bool may_begin() const noexcept;
  void fill_next(std::unique_lock<std::mutex>& lock) noexcept;
  RecordBlock* next_block() noexcept;

  const ReadAheadOptions options_;
  PartVisitor* const parts_;
  std::vector<Slot> slots_;  // used in turn
  std::vector<std::thread> threads_;

  // Of the thread that uses this.
  bool is_started_ = false;
  RecordBlock* current_ = nullptr;

  std::mutex mutex_;
  std::condition_variable may_begin_;
  std::condition_variable is_ready_;
  Stretch left_;             // what nobody has begun to read
  bool is_running_ = false;  // whether that is to be read
  bool is_ending_ = false;
  unsigned busy_ = 0;  // threads
  // Blocks, counted from the first: they are begun and taken in the same order.
  std::uint64_t begun_ = 0;
  std::uint64_t taken_ = 0;
};

}  // namespace sorteo
