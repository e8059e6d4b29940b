#include "tests/support/recording_log.hpp"

#include <algorithm>

namespace sorteo::test {

void RecordingLog::write(LogLevel level, std::string_view line) noexcept {
  if (!enabled(level)) {
    return;
  }
  const std::lock_guard lock(mutex_);
  lines_.push_back({level, std::string(line)});
}

std::vector<RecordingLog::Line> RecordingLog::lines() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

std::vector<std::string> RecordingLog::texts() const {
  std::vector<std::string> texts;
  for (const Line& line : lines()) {
    texts.push_back(line.text);
  }
  return texts;
}

bool RecordingLog::contains(std::string_view part) const {
  const std::lock_guard lock(mutex_);
  return std::any_of(lines_.begin(), lines_.end(), [part](const Line& line) {
    return line.text.find(part) != std::string::npos;
  });
}

}  // namespace sorteo::test
