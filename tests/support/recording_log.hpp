#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/log.hpp"

namespace sorteo::test {

/// Keeps every line that is logged, at every level unless told otherwise. Thread-safe.
class RecordingLog final : public Log {
 public:
  struct Line {
    LogLevel level;
    std::string text;

    friend bool operator==(const Line&, const Line&) = default;
  };

  /// Lines below `lowest` are thrown away.
  explicit RecordingLog(LogLevel lowest = LogLevel::kDebug) noexcept : lowest_(lowest) {}

  bool enabled(LogLevel level) const noexcept override { return level >= lowest_; }
  void write(LogLevel level, std::string_view line) noexcept override;

  std::vector<Line> lines() const;

  /// The text of every line.
  std::vector<std::string> texts() const;

  /// Whether some line holds `part`.
  bool contains(std::string_view part) const;

 private:
  const LogLevel lowest_;
  mutable std::mutex mutex_;
  std::vector<Line> lines_;
};

}  // namespace sorteo::test
