#include "core/bet.hpp"

#include <algorithm>

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
      return with_value + " is longer than " + std::to_string(kMaxNameBytes) + " bytes";
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
  const auto bad = [](BetField field, std::string_view value, std::optional<FieldFault> fault) {
    return fault ? std::optional(BadField{field, *fault, escaped(value)}) : std::nullopt;
  };
  if (const auto found = bad(BetField::kFirstName, bet.first_name, fault_of_name(bet.first_name))) {
    return found;
  }
  if (const auto found = bad(BetField::kLastName, bet.last_name, fault_of_name(bet.last_name))) {
    return found;
  }
  if (const auto found = bad(BetField::kDocument, bet.document, fault_of_number(bet.document))) {
    return found;
  }
  if (const auto found = bad(BetField::kBirthdate, bet.birthdate, fault_of_date(bet.birthdate))) {
    return found;
  }
  return bad(BetField::kNumber, bet.number, fault_of_number(bet.number));
}

}  // namespace sorteo
