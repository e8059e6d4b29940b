#include "tests/core/reference_text.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace sorteo::test::reference {
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

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::optional<FieldFault> fault_of_text(std::string_view value) noexcept {
  switch (reference::inspect_text(value)) {
    case TextState::kClean:
      return std::nullopt;
    case TextState::kNotUtf8:
      return FieldFault::kNotUtf8;
    case TextState::kControl:
      return FieldFault::kControl;
  }
  return std::nullopt;
}

std::optional<FieldFault> fault_of_name(std::string_view value) noexcept {
  if (value.empty()) {
    return FieldFault::kEmpty;
  }
  if (value.size() > kMaxNameBytes) {
    return FieldFault::kTooLong;
  }
  return fault_of_text(value);
}

std::optional<FieldFault> fault_of_number(std::string_view value) noexcept {
  if (value.size() > kMaxFieldBytes) {
    return FieldFault::kTooLong;
  }
  if (reference::parse_decimal(value)) {
    return std::nullopt;
  }
  if (value.empty()) {
    return FieldFault::kEmpty;
  }
  if (const auto fault = fault_of_text(value)) {
    return fault;
  }
  const bool digits =
      std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits ? FieldFault::kNotIn32Bits : FieldFault::kNotDecimal;
}

std::optional<FieldFault> fault_of_date(std::string_view value) noexcept {
  if (reference::is_calendar_date(value)) {
    return std::nullopt;
  }
  if (value.empty()) {
    return FieldFault::kEmpty;
  }
  const auto fault = fault_of_text(value);
  return fault ? fault : FieldFault::kNotADate;
}

}  // namespace

TextState inspect_text(std::string_view text) noexcept {
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
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return false;
  }
  const auto year = reference::parse_decimal(text.substr(0, 4));
  const auto month = reference::parse_decimal(text.substr(5, 2));
  const auto day = reference::parse_decimal(text.substr(8, 2));
  if (!year || !month || !day || *year == 0) {
    return false;
  }
  return std::chrono::year_month_day(std::chrono::year(static_cast<int>(*year)),
                                     std::chrono::month(*month), std::chrono::day(*day))
      .ok();
}

std::optional<BadField> find_bad_field(const BetView& bet) {
  using Rule = std::optional<FieldFault> (*)(std::string_view) noexcept;
  struct Check {
    BetField field;
    std::string_view BetView::*member;
    Rule rule;
  };
  static constexpr std::array<Check, 5> kChecks = {{
      {BetField::kFirstName, &BetView::first_name, fault_of_name},
      {BetField::kLastName, &BetView::last_name, fault_of_name},
      {BetField::kDocument, &BetView::document, fault_of_number},
      {BetField::kBirthdate, &BetView::birthdate, fault_of_date},
      {BetField::kNumber, &BetView::number, fault_of_number},
  }};
  for (const Check& check : kChecks) {
    if (const auto fault = check.rule(bet.*check.member)) {
      return BadField{check.field, *fault, escaped(bet.*check.member)};
    }
  }
  return std::nullopt;
}

}  // namespace sorteo::test::reference
