#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace sorteo {

/// Log lines on their way from those who log to the one thread that writes them out. Bounded: when
/// nobody takes them, the oldest are lost and counted. Takes and gives lines in blocks of memory
/// that are used again and again, so that a line costs no allocation. Thread-safe.
class LineQueue final {
 public:
  /// What is written out together.
  struct Block {
    std::string text;            ///< whole lines
    std::size_t lines = 0;       ///< how many
    std::size_t lost_lines = 0;  ///< lost before the first of them

    void clear() noexcept;
  };

  /// How large a block becomes, in bytes.
  static constexpr std::size_t kBlockBytes = 64 * 1024;

  /// `max_bytes`: of all lines that wait, rounded up to a block; one at least.
  explicit LineQueue(std::size_t max_bytes);
  LineQueue(const LineQueue&) = delete;
  LineQueue& operator=(const LineQueue&) = delete;

  /// Adds one line, which ends with its line break. Throws std::bad_alloc; the line is lost then.
  void push(std::string_view line);

  /// Puts the oldest lines into `block`, and waits for them if there are none. False when there
  /// never will be, because the queue is closed. One thread at a time.
  [[nodiscard]] bool take(Block& block);

  /// Waits a moment, or until close(), so that lines gather, unless a whole block is waiting: who
  /// takes one line at a time is woken for each.
  void rest();

  /// Nothing is pushed after this.
  void close();

 private:
  Block& begin_block();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Block> blocks_;  // a ring
  std::size_t first_ = 0;      // the oldest block
  std::size_t count_ = 0;      // of blocks with lines
  std::size_t lost_lines_ = 0;
  bool is_awaited_ = false;  // take() waits for a line
  bool is_closed_ = false;
};

}  // namespace sorteo
