#include "tests/support/recording_log.hpp"

#include <algorithm>

namespace sorteo::test {

void RecordingLog::write(LogLevel level, std::string_view line) noexcept {
  const std::lock_guard lock(mutex_);
  lines_.push_back({level, std::string(line)});
}

std::vector<RecordingLog::Line> RecordingLog::lines() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

bool RecordingLog::contains(std::string_view part) const {
  const std::lock_guard lock(mutex_);
  return std::any_of(lines_.begin(), lines_.end(), [part](const Line& line) {
    return line.text.find(part) != std::string::npos;
  });
}

}  // namespace sorteo::test
