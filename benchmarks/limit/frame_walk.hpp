#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/bytes.hpp"

namespace sorteo::limit {

/// Counts the Messages that end in a stream of bytes. It looks at their lengths alone.
class FrameWalk final {
 public:
  static constexpr std::size_t kHeaderBytes = 5;

  /// Walks over the next bytes of the stream. Returns how many Messages end in them.
  std::uint32_t walk(ByteView bytes) noexcept;

 private:
  std::array<std::byte, kHeaderBytes> header_{};
  std::size_t header_size_ = 0;  // bytes of a header that was cut
  std::size_t body_left_ = 0;    // of the Message under way
};

}  // namespace sorteo::limit
