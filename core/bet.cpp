#include "core/bet.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace sorteo {
namespace {

std::optional<FieldFault> fault_of_text(std::string_view value) noexcept {
  switch (inspect_text(value)) {
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
  if (parse_decimal(value)) {
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
  if (is_calendar_date(value)) {
    return std::nullopt;
  }
  if (value.empty()) {
    return FieldFault::kEmpty;
  }
  const auto fault = fault_of_text(value);
  return fault ? fault : FieldFault::kNotADate;
}

std::size_t max_bytes(BetField field) noexcept {
  const bool name = field == BetField::kFirstName || field == BetField::kLastName;
  return name ? kMaxNameBytes : kMaxFieldBytes;
}

}  // namespace

std::string_view name_of(BetField field) noexcept {
  switch (field) {
    case BetField::kFirstName:
      return "first_name";
    case BetField::kLastName:
      return "last_name";
    case BetField::kDocument:
      return "document";
    case BetField::kBirthdate:
      return "birthdate";
    case BetField::kNumber:
      return "number";
  }
  return "unknown field";
}

std::string describe(const BadField& bad) {
  const std::string name(name_of(bad.field));
  const std::string with_value = name + " \"" + bad.value + "\"";
  switch (bad.fault) {
    case FieldFault::kEmpty:
      return name + " is empty";
    case FieldFault::kTooLong:
      return with_value + " is longer than " + std::to_string(max_bytes(bad.field)) + " bytes";
    case FieldFault::kNotUtf8:
      return with_value + " is not valid UTF-8";
    case FieldFault::kControl:
      return with_value + " holds a control character";
    case FieldFault::kNotDecimal:
      return with_value + " is not a decimal number";
    case FieldFault::kNotIn32Bits:
      return with_value + " does not fit in 32 bits";
    case FieldFault::kNotADate:
      return with_value + " is not a date";
  }
  return with_value + " is wrong";
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

}  // namespace sorteo
