#pragma once

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <memory>

#include "core/log.hpp"

namespace sorteo {

struct SpdlogLogOptions {
  LogLevel level = LogLevel::kInfo;  ///< the least level that is kept
  int descriptor = STDERR_FILENO;    ///< where lines go; it stays open
  /// Of the lines that wait to be written, in bytes.
  std::size_t max_queued_bytes = 8 * 1024 * 1024;
  std::chrono::milliseconds patience{1'000};  ///< for the lines left when the log is destroyed
};

/// Writes lines of the form `2026-11-23 06:15:23.123 INFO     action: ...`, in local time.
///
/// A line is queued and written by a thread of the log, so that a reader who stalls (a full pipe, a
/// stopped terminal) never holds up who logs. spdlog gives the lines their form; its queue is not
/// used, because that wakes its thread for each line, which costs more than all else that is done
/// for one batch of bets. When the queue is full its oldest lines are lost, and
/// the next line that is written is preceded by `action: log | result: fail | lost_lines: N`.
class SpdlogLog final : public Log {
 public:
  explicit SpdlogLog(SpdlogLogOptions options);
  SpdlogLog(const SpdlogLog&) = delete;
  SpdlogLog& operator=(const SpdlogLog&) = delete;
  /// Writes what is queued, for `patience` at most.
  ~SpdlogLog() override;

  bool enabled(LogLevel level) const noexcept override;
  void write(LogLevel level, std::string_view line) noexcept override;

  /// The least level that is kept from now on.
  void set_level(LogLevel level) noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sorteo
