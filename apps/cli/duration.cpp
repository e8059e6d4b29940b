#include "apps/cli/duration.hpp"

#include <algorithm>
#include <cstdint>

#include "core/text.hpp"

namespace sorteo::cli {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t milliseconds;
};

constexpr Unit kUnits[] = {{"", 1'000}, {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}};
constexpr std::uint64_t kLongest = 366ULL * 24 * 3'600'000;  // a year, in milliseconds

}  // namespace

boost::system::result<std::chrono::milliseconds, ParseError> parse_duration(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_decimal(text.substr(0, digits));
  const auto* unit = std::find_if(std::begin(kUnits), std::end(kUnits), [&](const Unit& candidate) {
    return candidate.name == text.substr(digits);
  });
  if (!number || unit == std::end(kUnits)) {
    return ParseError{'"' + escaped(text) +
                      "\" is no time: expected a number with ms, s, m or h, like 30s"};
  }
  const std::uint64_t milliseconds = *number * unit->milliseconds;
  if (milliseconds > kLongest) {
    return ParseError{'"' + escaped(text) + "\" is longer than a year"};
  }
  return std::chrono::milliseconds(milliseconds);
}

}  // namespace sorteo::cli
