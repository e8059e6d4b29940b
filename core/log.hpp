#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <exception>
#include <iterator>
#include <string_view>

#include "core/small_text.hpp"

namespace sorteo {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };

/// Where log lines go. Thread-safe. `main` decides what stands behind it.
class Log {
 public:
  virtual ~Log() = default;

  /// Whether a line of `level` would be kept; ask before building a costly one.
  virtual bool enabled(LogLevel level) const noexcept = 0;

  /// Writes one line, which holds no line break (LogLine sees to that).
  virtual void write(LogLevel level, std::string_view line) noexcept = 0;
};

/// Builds a line of the form that the operators' scripts read (docs/operations.md, "Log lines"):
/// `action: <what> | result: <success|fail|in_progress> | key: value | ...`.
///
///     LogLine line("apuesta_recibida", "success");
///     log.write(LogLevel::kInfo, line.with("cantidad", 100).str());
///
/// Values are escaped, so that nothing that a peer sends can forge a line or a key. No customer's
/// name or document goes into a line above debug level.
class LogLine final {
 public:
  LogLine(std::string_view action, std::string_view result);

  LogLine& with(std::string_view key, std::string_view value);
  LogLine& with(std::string_view key, std::integral auto value) {
    char digits[24];  // more than any integer has
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    return with_verbatim(key, std::string_view(digits, end));
  }

  /// Lives as long as the line, until it is changed.
  std::string_view str() const noexcept { return text_; }

 private:
  LogLine& with_verbatim(std::string_view key, std::string_view value);

  SmallText<200> text_;  // the line for a batch needs no allocation
};

/// Writes the line that `build` returns, if a line of `level` would be kept. For callbacks, which
/// must not throw: when memory runs out the line is lost, and not what it tells of.
template <std::invocable Build>
void write_line(Log& log, LogLevel level, Build build) noexcept {
  if (!log.enabled(level)) {
    return;
  }
  try {
    log.write(level, build().str());
  } catch (const std::exception&) {
    log.write(LogLevel::kError, "action: log | result: fail | error: out of memory");
  }
}

}  // namespace sorteo
