#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "core/bytes.hpp"

namespace sorteo {

/// The bytes that came from a peer and were not consumed yet, in one piece of memory. Holds no
/// memory until the first byte is to be received. Not thread-safe.
///
/// Its size follows the traffic: what is read at once is what the peer sends at once.
class ReceiveBuffer final {
 public:
  /// What a buffer starts with, in bytes.
  static constexpr std::size_t kSmallBytes = 1024;
  /// What it grows to when one read after the other fills it. A larger one saves no calls worth
  /// the cache that it takes up.
  static constexpr std::size_t kLargeBytes = 128 * 1024;
  /// Of so many reads in a row, one must have used a quarter of the buffer for it to stay as large.
  static constexpr unsigned kReadsUntilSmaller = 64;

  /// Room to receive into, at least one byte, behind the bytes held. `wanted` is the size of what
  /// the held bytes begin: the buffer grows towards it, and beyond when whole frames fill it, at
  /// most doubling each time, so that a peer pays for memory with bytes and not with a length.
  /// Moves the bytes held: views end here.
  std::span<std::byte> prepare(std::size_t wanted);

  /// The first `count` bytes of what prepare() gave were received.
  void commit(std::size_t count) noexcept;

  /// What came and was not consumed. Lives until the next prepare() or release().
  ByteView held() const noexcept { return {bytes_.get() + begin_, end_ - begin_}; }

  /// Drops the first `count` bytes held. Views of them live on until the next prepare().
  void consume(std::size_t count) noexcept { begin_ += count; }

  /// Gives the memory back, with what it holds.
  void release() noexcept;

  std::size_t capacity() const noexcept { return capacity_; }

 private:
  void grow(std::size_t wanted);
  void shrink_if_unused();
  void move_to(std::size_t capacity);

  std::unique_ptr<std::byte[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t most_used_ = 0;  // by one of the last reads
  unsigned reads_ = 0;         // since that was looked at
};

}  // namespace sorteo
