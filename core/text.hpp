#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sorteo {

/// What a text is, seen as UTF-8.
enum class TextState {
  kClean,    ///< well-formed, no control character
  kNotUtf8,  ///< ill-formed: see The Unicode Standard, table 3-7
  kControl,  ///< well-formed, but holds a character of category Cc (U+0000-1F, U+007F-9F)
};

/// Says whether `text` is well-formed UTF-8 without control characters. A text with both faults is
/// kNotUtf8 or kControl, whichever stands first. Empty text is clean.
TextState inspect_text(std::string_view text) noexcept;

/// The number that `text` writes in decimal digits, leading zeros allowed. Nothing when it is
/// empty, holds anything but the digits 0 to 9, or does not fit in 32 bits.
std::optional<std::uint32_t> parse_decimal(std::string_view text) noexcept;

/// Whether `text` is a day of the Gregorian calendar, written YYYY-MM-DD, of the years 0001 to
/// 9999.
bool is_calendar_date(std::string_view text) noexcept;

/// `text` made fit for one line of a log or an error message: control characters, ill-formed bytes,
/// backslashes and quotes are written as \xNN, \\ and \", and what is over `max_bytes` of the text
/// is cut off and shown as "...".
std::string escaped(std::string_view text, std::size_t max_bytes = 64);

/// A peer's `text` for a message to a person: as it is when it is clean, and otherwise escaped, up
/// to 1024 bytes, so that it cannot forge a line.
std::string harmless(std::string_view text);

}  // namespace sorteo
