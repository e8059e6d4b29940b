#include "benchmarks/limit/byte_ring.hpp"

#include <algorithm>
#include <new>

namespace sorteo::limit {

namespace {

constexpr std::size_t kPageBytes = 4096;

}  // namespace

ByteRing::ByteRing(std::size_t capacity)
    : capacity_(capacity),
      bytes_(static_cast<std::byte*>(std::aligned_alloc(kPageBytes, capacity)), &std::free) {
  if (bytes_ == nullptr) {
    throw std::bad_alloc();
  }
}

std::span<std::byte> ByteRing::room() const noexcept {
  const std::uint64_t filled = filled_.load(std::memory_order_relaxed);
  const std::size_t at = filled % capacity_;
  const std::size_t free = capacity_ - static_cast<std::size_t>(filled - emptied());
  return {bytes_.get() + at, std::min(free, capacity_ - at)};
}

std::uint64_t ByteRing::fill(std::size_t bytes) noexcept {
  const std::uint64_t filled = filled_.load(std::memory_order_relaxed) + bytes;
  filled_.store(filled, std::memory_order_seq_cst);
  return filled;
}

ByteView ByteRing::piece(std::uint64_t from, std::uint64_t to) const noexcept {
  const std::size_t at = from % capacity_;
  return {bytes_.get() + at, std::min(static_cast<std::size_t>(to - from), capacity_ - at)};
}

}  // namespace sorteo::limit
