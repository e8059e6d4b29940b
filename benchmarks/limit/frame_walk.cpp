#include "benchmarks/limit/frame_walk.hpp"

#include <algorithm>

namespace sorteo::limit {

std::uint32_t FrameWalk::walk(ByteView bytes) noexcept {
  std::uint32_t ended = 0;
  while (true) {
    if (body_left_ > bytes.size()) {
      body_left_ -= bytes.size();
      return ended;
    }
    if (body_left_ > 0) {
      bytes = bytes.subspan(body_left_);
      body_left_ = 0;
      ++ended;
    }
    const std::size_t size = std::min(kHeaderBytes - header_size_, bytes.size());
    std::copy_n(bytes.begin(), size, header_.begin() + static_cast<std::ptrdiff_t>(header_size_));
    header_size_ += size;
    bytes = bytes.subspan(size);
    if (header_size_ < kHeaderBytes) {
      return ended;
    }
    header_size_ = 0;
    body_left_ = load_u32(header_.data() + 1);
    if (body_left_ == 0) {
      ++ended;
    }
  }
}

}  // namespace sorteo::limit
