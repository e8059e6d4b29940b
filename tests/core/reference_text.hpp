#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/bet.hpp"
#include "core/text.hpp"

/// The rules of the fields, written down as plainly as they can be, one character after the other:
/// what the fast code of core is held against.
namespace sorteo::test::reference {

TextState inspect_text(std::string_view text) noexcept;
std::optional<std::uint32_t> parse_decimal(std::string_view text) noexcept;
bool is_calendar_date(std::string_view text) noexcept;
std::optional<BadField> find_bad_field(const BetView& bet);

}  // namespace sorteo::test::reference
