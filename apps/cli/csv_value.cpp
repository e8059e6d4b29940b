#include "apps/cli/csv_value.hpp"

#include <algorithm>

namespace sorteo::cli {
namespace {

char* write_quoted(char* to, std::string_view value) noexcept {
  *to++ = '"';
  for (const char c : value) {
    if (c == '"') {
      *to++ = '"';
    }
    *to++ = c;
  }
  *to++ = '"';
  return to;
}

}  // namespace

char* write_csv_value(char* to, std::string_view value) noexcept {
  const bool is_plain = value.find_first_of(",\"\r\n") == std::string_view::npos;
  return is_plain ? std::copy(value.begin(), value.end(), to) : write_quoted(to, value);
}

}  // namespace sorteo::cli
