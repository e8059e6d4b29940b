#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

#include "core/bytes.hpp"

namespace sorteo::limit {

/// Bytes on their way from one thread, which fills, to another, which empties, without a lock.
/// Places are counted from the first byte ever.
class ByteRing final {
 public:
  /// The memory begins at a multiple of a page, and `capacity` is one.
  explicit ByteRing(std::size_t capacity);
  ByteRing(const ByteRing&) = delete;
  ByteRing& operator=(const ByteRing&) = delete;

  /// For the thread that fills: room for further bytes, in one piece; empty when there is none.
  std::span<std::byte> room() const noexcept;
  /// So many bytes of the room have been filled. Returns the place behind them.
  std::uint64_t fill(std::size_t bytes) noexcept;

  /// For the thread that empties: the place behind all that has been filled.
  std::uint64_t filled() const noexcept { return filled_.load(std::memory_order_seq_cst); }
  /// The bytes from `from` up to `to`, or the first piece of them.
  ByteView piece(std::uint64_t from, std::uint64_t to) const noexcept;
  /// Gives back the room of all bytes before `place`.
  void empty_up_to(std::uint64_t place) noexcept {
    emptied_.store(place, std::memory_order_release);
  }

  /// For both: the place behind all that has been given back.
  std::uint64_t emptied() const noexcept { return emptied_.load(std::memory_order_acquire); }

 private:
  const std::size_t capacity_;
  const std::unique_ptr<std::byte, decltype(&std::free)> bytes_;
  alignas(64) std::atomic<std::uint64_t> filled_{0};
  alignas(64) std::atomic<std::uint64_t> emptied_{0};
};

}  // namespace sorteo::limit
