#include "transport/receive_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sorteo {

std::span<std::byte> ReceiveBuffer::prepare(std::size_t wanted) {
  if (begin_ > 0) {
    const bool was_filled = end_ == capacity_;
    // What is left is the start of one frame. From here on it stands at the front until it is
    // consumed, so each byte is moved once at most, however small the pieces in which it comes.
    const std::size_t left = end_ - begin_;
    std::memmove(bytes_.get(), bytes_.get() + begin_, left);
    begin_ = 0;
    end_ = left;
    if (was_filled && capacity_ < kLargeBytes) {
      move_to(std::min(2 * capacity_, kLargeBytes));
    }
  }
  shrink_if_unused();
  if (end_ == capacity_) {
    grow(wanted);
  }
  return {bytes_.get() + end_, capacity_ - end_};
}

void ReceiveBuffer::commit(std::size_t count) noexcept {
  end_ += count;
  most_used_ = std::max(most_used_, end_);
  ++reads_;
}

void ReceiveBuffer::release() noexcept {
  bytes_.reset();
  capacity_ = begin_ = end_ = most_used_ = 0;
  reads_ = 0;
}

void ReceiveBuffer::grow(std::size_t wanted) {
  // In steps of kSmallBytes, so that frames of nearly one size do not make it grow each time.
  const std::size_t needed = (std::max(wanted, end_ + 1) + kSmallBytes - 1) / kSmallBytes;
  move_to(std::min(needed * kSmallBytes, std::max(kSmallBytes, 2 * capacity_)));
}

void ReceiveBuffer::shrink_if_unused() {
  if (reads_ < kReadsUntilSmaller) {
    return;
  }
  if (most_used_ < capacity_ / 4 && capacity_ > kSmallBytes) {
    move_to(std::max(capacity_ / 2, kSmallBytes));
  }
  most_used_ = end_;
  reads_ = 0;
}

// To other memory, which has room for what is held.
void ReceiveBuffer::move_to(std::size_t capacity) {
  auto bytes = std::make_unique_for_overwrite<std::byte[]>(capacity);
  std::copy_n(bytes_.get(), end_, bytes.get());
  bytes_ = std::move(bytes);
  capacity_ = capacity;
}

}  // namespace sorteo
