#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace sorteo {

/// Bytes that somebody else owns.
using ByteView = std::span<const std::byte>;

/// The same bytes, seen as text. Nothing is checked.
inline std::string_view as_text(ByteView bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The same text, seen as bytes.
inline ByteView as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

// Integers on the wire and in the log are big-endian. The caller vouches for the room:
// load_* reads, and store_* writes, exactly the bytes of the integer.

namespace bytes_detail {

inline std::uint16_t swapped(std::uint16_t value) noexcept { return __builtin_bswap16(value); }
inline std::uint32_t swapped(std::uint32_t value) noexcept { return __builtin_bswap32(value); }
inline std::uint64_t swapped(std::uint64_t value) noexcept { return __builtin_bswap64(value); }

// One load or store and one instruction that turns the bytes around: written with shifts, neither
// GCC 12 nor Clang 14 always sees that.
template <typename Integer>
Integer load(const std::byte* from) noexcept {
  Integer value;
  std::memcpy(&value, from, sizeof value);
  return std::endian::native == std::endian::little ? swapped(value) : value;
}

template <typename Integer>
void store(std::byte* to, Integer value) noexcept {
  value = std::endian::native == std::endian::little ? swapped(value) : value;
  std::memcpy(to, &value, sizeof value);
}

}  // namespace bytes_detail

inline std::uint16_t load_u16(const std::byte* from) noexcept {
  return bytes_detail::load<std::uint16_t>(from);
}

inline std::uint32_t load_u32(const std::byte* from) noexcept {
  return bytes_detail::load<std::uint32_t>(from);
}

inline std::uint64_t load_u64(const std::byte* from) noexcept {
  return bytes_detail::load<std::uint64_t>(from);
}

inline void store_u16(std::byte* to, std::uint16_t value) noexcept {
  bytes_detail::store(to, value);
}

inline void store_u32(std::byte* to, std::uint32_t value) noexcept {
  bytes_detail::store(to, value);
}

inline void store_u64(std::byte* to, std::uint64_t value) noexcept {
  bytes_detail::store(to, value);
}

// append_*: the integer's bytes behind what the string holds.

inline void append_u8(std::string& to, std::uint8_t value) {
  to.push_back(static_cast<char>(value));
}

inline void append_u16(std::string& to, std::uint16_t value) {
  std::byte bytes[2];
  store_u16(bytes, value);
  to.append(as_text(bytes));
}

inline void append_u32(std::string& to, std::uint32_t value) {
  std::byte bytes[4];
  store_u32(bytes, value);
  to.append(as_text(bytes));
}

inline void append_u64(std::string& to, std::uint64_t value) {
  std::byte bytes[8];
  store_u64(bytes, value);
  to.append(as_text(bytes));
}

}  // namespace sorteo
