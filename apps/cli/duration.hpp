#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "apps/cli/parse_error.hpp"

namespace sorteo::cli {

/// Reads a time such as `500ms`, `30s`, `10m` or `2h`; a number alone means seconds. At most a
/// year. The error is a sentence.
boost::system::result<std::chrono::milliseconds, ParseError> parse_duration(std::string_view text);

}  // namespace sorteo::cli
