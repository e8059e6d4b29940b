#include "transport/receive_buffer.hpp"

#include <algorithm>
#include <cstring>

namespace sorteo {

std::span<std::byte> ReceiveBuffer::prepare(std::size_t wanted) {
  if (begin_ > 0) {
    // What is left is the start of one frame. From here on it stands at the front until it is
    // consumed, so each byte is moved once at most, however small the pieces in which it comes.
    const std::size_t left = end_ - begin_;
    std::memmove(bytes_.get(), bytes_.get() + begin_, left);
    begin_ = 0;
    end_ = left;
  }
  if (end_ == capacity_) {
    grow(wanted);
  }
  return {bytes_.get() + end_, capacity_ - end_};
}

void ReceiveBuffer::release() noexcept {
  bytes_.reset();
  capacity_ = begin_ = end_ = 0;
}

void ReceiveBuffer::grow(std::size_t wanted) {
  // In steps of kSmallBytes, so that frames of nearly one size do not make it grow each time.
  const std::size_t needed = (std::max(wanted, end_ + 1) + kSmallBytes - 1) / kSmallBytes;
  const std::size_t capacity = std::min(needed * kSmallBytes, std::max(kSmallBytes, 2 * capacity_));
  auto bytes = std::make_unique_for_overwrite<std::byte[]>(capacity);
  std::copy_n(bytes_.get(), end_, bytes.get());
  bytes_ = std::move(bytes);
  capacity_ = capacity;
}

}  // namespace sorteo
