#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.hpp"

namespace sorteo {

/// Takes fields off the front of a payload. When one does not fit, it and all later ones are zero
/// or empty, and ok() is false: so a payload is read in one go and asked once at the end.
class PayloadReader final {
 public:
  explicit PayloadReader(ByteView payload) noexcept : rest_(payload) {}

  bool ok() const noexcept { return ok_; }
  /// Whether everything was right, and all of it was read.
  bool ended() const noexcept { return ok_ && rest_.empty(); }
  ByteView rest() const noexcept { return rest_; }

  ByteView take(std::size_t size) noexcept {
    if (!ok_ || size > rest_.size()) {
      ok_ = false;
      return {};
    }
    const ByteView taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }

  std::uint8_t u8() noexcept {
    const ByteView taken = take(1);
    return ok_ ? std::to_integer<std::uint8_t>(taken[0]) : std::uint8_t{0};
  }
  std::uint16_t u16() noexcept {
    const ByteView taken = take(sizeof(std::uint16_t));
    return ok_ ? load_u16(taken.data()) : std::uint16_t{0};
  }
  std::uint32_t u32() noexcept {
    const ByteView taken = take(sizeof(std::uint32_t));
    return ok_ ? load_u32(taken.data()) : 0;
  }
  std::uint64_t u64() noexcept {
    const ByteView taken = take(sizeof(std::uint64_t));
    return ok_ ? load_u64(taken.data()) : 0;
  }

 private:
  ByteView rest_;
  bool ok_ = true;
};

/// One field of a payload's open end: `tag:u8 length:u16 value`.
struct TaggedField {
  std::uint8_t tag = 0;
  ByteView value;
};

/// The next tagged field; nothing at the end, or when it is cut: then the reader is not ok().
inline std::optional<TaggedField> next_field(PayloadReader& reader) noexcept {
  if (!reader.ok() || reader.rest().empty()) {
    return std::nullopt;
  }
  TaggedField field;
  field.tag = reader.u8();
  field.value = reader.take(reader.u16());
  return reader.ok() ? std::optional(field) : std::nullopt;
}

/// Appends a tagged field. `value` has 65,535 bytes at most.
inline void append_field(std::string& to, std::uint8_t tag, std::string_view value) {
  append_u8(to, tag);
  append_u16(to, static_cast<std::uint16_t>(value.size()));
  to.append(value);
}

inline void append_field_u32(std::string& to, std::uint8_t tag, std::uint32_t value) {
  std::byte bytes[sizeof value];
  store_u32(bytes, value);
  append_field(to, tag, as_text(bytes));
}

inline void append_field_u64(std::string& to, std::uint8_t tag, std::uint64_t value) {
  std::byte bytes[sizeof value];
  store_u64(bytes, value);
  append_field(to, tag, as_text(bytes));
}

}  // namespace sorteo
