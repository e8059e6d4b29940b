#include "core/log.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace sorteo {
namespace {

constexpr std::size_t kMaxValueBytes = 1024;

}  // namespace

LogLine::LogLine(std::string_view action, std::string_view result) {
  text_.append("action: ");
  text_.append(action);
  text_.append(" | result: ");
  text_.append(result);
}

LogLine& LogLine::with(std::string_view key, std::string_view value) {
  std::string safe = escaped(value, kMaxValueBytes);
  std::replace(safe.begin(), safe.end(), '|', '/');
  return with_verbatim(key, safe);
}

LogLine& LogLine::with_verbatim(std::string_view key, std::string_view value) {
  text_.append(" | ");
  text_.append(key);
  text_.append(": ");
  text_.append(value);
  return *this;
}

}  // namespace sorteo
