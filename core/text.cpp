#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>

namespace sorteo {
namespace {

struct Character {
  std::size_t length;  // bytes; 0 where the bytes are ill-formed
  bool control;
};

unsigned byte_at(std::string_view text, std::size_t at) noexcept {
  return static_cast<unsigned char>(text[at]);
}

// The length of the well-formed character at the start of `text`, which is not empty. The ranges of
// the second byte keep out overlong forms, surrogates and what lies above U+10FFFF.
// Source: The Unicode Standard 15.0, table 3-7.
std::size_t sequence_length(std::string_view text) noexcept {
  const unsigned lead = byte_at(text, 0);
  std::size_t length = 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (lead < 0x80) {
    return 1;
  } else if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return 0;
  }
  if (text.size() < length || byte_at(text, 1) < low || byte_at(text, 1) > high) {
    return 0;
  }
  for (std::size_t at = 2; at < length; ++at) {
    if ((byte_at(text, at) & 0xC0) != 0x80) {
      return 0;
    }
  }
  return length;
}

// The character at the start of `text`, which is not empty.
Character first_character(std::string_view text) noexcept {
  const std::size_t length = sequence_length(text);
  const unsigned lead = byte_at(text, 0);
  const bool c0_or_delete = length == 1 && (lead < 0x20 || lead == 0x7F);
  const bool c1 = length == 2 && lead == 0xC2 && byte_at(text, 1) < 0xA0;
  return {length, c0_or_delete || c1};
}

// Whether all of eight bytes are 0x20 to 0x7E. The first sum sets the top bit of 0x7F, the second
// clears that of what is under 0x20.
bool are_printable(std::uint64_t bytes) noexcept {
  constexpr std::uint64_t kEach = 0x0101'0101'0101'0101U;
  constexpr std::uint64_t kTops = 0x80 * kEach;
  const std::uint64_t low = bytes & ~kTops;
  return ((bytes | (low + kEach) | ~(low + (0x80 - 0x20) * kEach)) & kTops) == 0;
}

// Most names are ASCII: so they are told from others quickly.
bool is_printable_ascii(std::string_view text) noexcept {
  std::uint64_t bytes = 0;
  if (text.size() < sizeof bytes) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
  }
  const char* const last = text.data() + text.size() - sizeof bytes;
  for (const char* at = text.data(); at < last; at += sizeof bytes) {
    std::memcpy(&bytes, at, sizeof bytes);
    if (!are_printable(bytes)) {
      return false;
    }
  }
  std::memcpy(&bytes, last, sizeof bytes);
  return are_printable(bytes);
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

}  // namespace

TextState inspect_text(std::string_view text) noexcept {
  if (is_printable_ascii(text)) {
    return TextState::kClean;
  }
  while (!text.empty()) {
    const Character character = first_character(text);
    if (character.length == 0) {
      return TextState::kNotUtf8;
    }
    if (character.control) {
      return TextState::kControl;
    }
    text.remove_prefix(character.length);
  }
  return TextState::kClean;
}

std::optional<std::uint32_t> parse_decimal(std::string_view text) noexcept {
  if (text.empty()) {
    return std::nullopt;
  }
  std::uint64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) {
      return std::nullopt;
    }
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
    if (value > UINT32_MAX) {
      return std::nullopt;
    }
  }
  return static_cast<std::uint32_t>(value);
}

bool is_calendar_date(std::string_view text) noexcept {
  constexpr std::string_view kForm = "0000-00-00";
  if (text.size() != kForm.size()) {
    return false;
  }
  for (std::size_t at = 0; at < kForm.size(); ++at) {
    if (kForm[at] == '0' ? !is_digit(text[at]) : text[at] != kForm[at]) {
      return false;
    }
  }
  const auto two_digits = [text](std::size_t at) {
    return static_cast<unsigned>((text[at] - '0') * 10 + text[at + 1] - '0');
  };
  const auto year = static_cast<int>(two_digits(0) * 100 + two_digits(2));
  return year != 0 &&
         std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(two_digits(5)),
                                     std::chrono::day(two_digits(8)))
             .ok();
}

std::string escaped(std::string_view text, std::size_t max_bytes) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string result;
  result.reserve(std::min(text.size(), max_bytes));
  std::size_t taken = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    const std::size_t length = std::max<std::size_t>(character.length, 1);
    if (taken + length > max_bytes) {
      result += "...";
      break;
    }
    if (character.length == 0 || character.control) {
      for (std::size_t at = 0; at < length; ++at) {
        const unsigned value = byte_at(text, at);
        result += "\\x";
        result += kHex[value >> 4];
        result += kHex[value & 0xF];
      }
    } else if (text[0] == '\\' || text[0] == '"') {
      result += '\\';
      result += text[0];
    } else {
      result += text.substr(0, length);
    }
    taken += length;
    text.remove_prefix(length);
  }
  return result;
}

std::string harmless(std::string_view text) {
  constexpr std::size_t kMostBytes = 1024;
  return inspect_text(text) == TextState::kClean ? std::string(text) : escaped(text, kMostBytes);
}

}  // namespace sorteo
