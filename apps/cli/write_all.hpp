#pragma once

#include <boost/system/error_code.hpp>
#include <string_view>

namespace sorteo::cli {

/// Writes all of `bytes` to `descriptor`, however many calls that takes.
[[nodiscard]] boost::system::error_code write_all(int descriptor, std::string_view bytes);

}  // namespace sorteo::cli
