#include "transport/send_buffer.hpp"

namespace sorteo {

bool SendBuffer::begin() noexcept {
  if (is_sending() || tail_.empty()) {
    return false;
  }
  block_.swap(tail_);
  return true;
}

void SendBuffer::advance(std::size_t count) noexcept {
  sent_ += count;
  if (sent_ == block_.size()) {
    block_.clear();
    sent_ = 0;
  }
}

void SendBuffer::release() noexcept {
  block_ = {};
  tail_ = {};
}

}  // namespace sorteo
