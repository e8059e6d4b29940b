#pragma once

#if defined(__SSE2__)

#include <emmintrin.h>

#include <cstddef>
#include <cstdint>

#include "core/plain_block.hpp"

namespace sorteo {

/// What PlainBlock is, in a register of SSE2, which every x86-64 processor has.
class SseBlock final {
 public:
  explicit SseBlock(const std::byte* from) noexcept : bytes_(load(from)) {}

  std::uint32_t equal_to(std::uint8_t byte) const noexcept {
    return mask(_mm_cmpeq_epi8(bytes_, all(byte)));
  }
  // SSE2 compares bytes as signed numbers. The sum brings 0x7F below all of them, as 0x80.
  std::uint32_t printable() const noexcept {
    return mask(_mm_cmpgt_epi8(_mm_add_epi8(bytes_, all(1)), all(0x20)));
  }
  std::uint32_t continuing() const noexcept { return mask(_mm_cmpgt_epi8(all(0xC0), bytes_)); }

  SseBlock excess(const BlockBytes& pattern, const BlockBytes& limits) const noexcept {
    const __m128i difference = _mm_xor_si128(bytes_, load(pattern.at.data()));
    return SseBlock(_mm_subs_epu8(difference, load(limits.at.data())));
  }

  SseBlock operator|(const SseBlock& other) const noexcept {
    return SseBlock(_mm_or_si128(bytes_, other.bytes_));
  }

  bool is_zero() const noexcept { return mask(_mm_cmpeq_epi8(bytes_, all(0))) == 0xFFFF; }

 private:
  explicit SseBlock(__m128i bytes) noexcept : bytes_(bytes) {}

  static __m128i load(const void* from) noexcept {
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
  }
  static __m128i all(std::uint8_t byte) noexcept { return _mm_set1_epi8(static_cast<char>(byte)); }
  static std::uint32_t mask(__m128i bytes) noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
  }

  __m128i bytes_;
};

}  // namespace sorteo

#endif
