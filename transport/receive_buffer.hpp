#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "core/bytes.hpp"

namespace sorteo {

/// The bytes that came from a peer and were not consumed yet, in one piece of memory. Holds no
/// memory until the first byte is to be received. Not thread-safe.
class ReceiveBuffer final {
 public:
  /// What a buffer starts with, in bytes.
  static constexpr std::size_t kSmallBytes = 4096;

  /// Room to receive into, at least one byte, behind the bytes held. `wanted` is the size of what
  /// the held bytes begin: the buffer grows towards it, at most doubling each time, so that a peer
  /// pays for memory with bytes and not with a length. Moves the bytes held: views end here.
  std::span<std::byte> prepare(std::size_t wanted);

  /// The first `count` bytes of what prepare() gave were received.
  void commit(std::size_t count) noexcept { end_ += count; }

  /// What came and was not consumed. Lives until the next prepare() or release().
  ByteView held() const noexcept { return {bytes_.get() + begin_, end_ - begin_}; }

  /// Drops the first `count` bytes held. Views of them live on until the next prepare().
  void consume(std::size_t count) noexcept { begin_ += count; }

  /// Gives the memory back, with what it holds.
  void release() noexcept;

  std::size_t capacity() const noexcept { return capacity_; }

 private:
  void grow(std::size_t wanted);

  std::unique_ptr<std::byte[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace sorteo
