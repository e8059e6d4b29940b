#pragma once

#include <cstddef>
#include <cstdint>
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

inline std::uint16_t load_u16(const std::byte* from) noexcept {
  return static_cast<std::uint16_t>((std::to_integer<unsigned>(from[0]) << 8) |
                                    std::to_integer<unsigned>(from[1]));
}

inline std::uint32_t load_u32(const std::byte* from) noexcept {
  return (static_cast<std::uint32_t>(load_u16(from)) << 16) | load_u16(from + 2);
}

inline std::uint64_t load_u64(const std::byte* from) noexcept {
  return (static_cast<std::uint64_t>(load_u32(from)) << 32) | load_u32(from + 4);
}

inline void store_u16(std::byte* to, std::uint16_t value) noexcept {
  to[0] = static_cast<std::byte>(value >> 8);
  to[1] = static_cast<std::byte>(value);
}

inline void store_u32(std::byte* to, std::uint32_t value) noexcept {
  store_u16(to, static_cast<std::uint16_t>(value >> 16));
  store_u16(to + 2, static_cast<std::uint16_t>(value));
}

inline void store_u64(std::byte* to, std::uint64_t value) noexcept {
  store_u32(to, static_cast<std::uint32_t>(value >> 32));
  store_u32(to + 4, static_cast<std::uint32_t>(value));
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
