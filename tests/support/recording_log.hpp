#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/log.hpp"

namespace sorteo::test {

/// Keeps every line that is logged, at every level. Thread-safe.
class RecordingLog final : public Log {
 public:
  struct Line {
    LogLevel level;
    std::string text;
  };

  bool enabled(LogLevel) const noexcept override { return true; }
  void write(LogLevel level, std::string_view line) noexcept override;

  std::vector<Line> lines() const;

  /// Whether some line holds `part`.
  bool contains(std::string_view part) const;

 private:
  mutable std::mutex mutex_;
  std::vector<Line> lines_;
};

}  // namespace sorteo::test
