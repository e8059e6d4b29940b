#include "apps/cli/csv_value.hpp"

#include <algorithm>

namespace sorteo::cli {
namespace {

bool is_special(char c) noexcept { return c == ',' || c == '"' || c == '\r' || c == '\n'; }

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
  return std::any_of(value.begin(), value.end(), is_special)
             ? write_quoted(to, value)
             : std::copy(value.begin(), value.end(), to);
}

}  // namespace sorteo::cli
