#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sorteo {

/// Sixteen bytes.
struct alignas(16) BlockBytes {
  static constexpr std::size_t kSize = 16;

  std::array<std::uint8_t, kSize> at;
};

/// Sixteen bytes that are judged together. The masks have a bit for each byte, the first in the
/// lowest bit. This one asks nothing of the processor; SseBlock does the same in a register.
class PlainBlock final {
 public:
  /// The BlockBytes::kSize bytes at `from`.
  explicit PlainBlock(const std::byte* from) noexcept {
    std::memcpy(bytes_.at.data(), from, BlockBytes::kSize);
  }

  /// Which bytes are `byte`.
  std::uint32_t equal_to(std::uint8_t byte) const noexcept {
    return mask([byte](std::uint8_t b) { return b == byte; });
  }
  /// Which bytes are characters of ASCII and no control characters: 0x20 to 0x7E.
  std::uint32_t printable() const noexcept {
    return mask([](std::uint8_t b) { return b >= 0x20 && b <= 0x7E; });
  }
  /// Which bytes continue a character of UTF-8: 0x80 to 0xBF.
  std::uint32_t continuing() const noexcept {
    return mask([](std::uint8_t b) { return b >= 0x80 && b <= 0xBF; });
  }

  /// For each byte, by how much its difference (XOR) from that of `pattern` is over that of
  /// `limits`; 0 where it is not.
  PlainBlock excess(const BlockBytes& pattern, const BlockBytes& limits) const noexcept {
    PlainBlock result(*this);
    for (std::size_t at = 0; at < BlockBytes::kSize; ++at) {
      const auto difference = static_cast<std::uint8_t>(bytes_.at[at] ^ pattern.at[at]);
      result.bytes_.at[at] =
          static_cast<std::uint8_t>(difference - std::min(difference, limits.at[at]));
    }
    return result;
  }

  PlainBlock operator|(const PlainBlock& other) const noexcept {
    PlainBlock result(*this);
    for (std::size_t at = 0; at < BlockBytes::kSize; ++at) {
      result.bytes_.at[at] = static_cast<std::uint8_t>(bytes_.at[at] | other.bytes_.at[at]);
    }
    return result;
  }

  /// Whether every byte is 0.
  bool is_zero() const noexcept {
    return mask([](std::uint8_t b) { return b != 0; }) == 0;
  }

 private:
  template <typename Rule>
  std::uint32_t mask(Rule holds) const noexcept {
    std::uint32_t mask = 0;
    for (std::size_t at = 0; at < BlockBytes::kSize; ++at) {
      mask |= (holds(bytes_.at[at]) ? 1U : 0U) << at;
    }
    return mask;
  }

  BlockBytes bytes_;
};

}  // namespace sorteo
