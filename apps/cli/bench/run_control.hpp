#pragma once

#include <atomic>
#include <chrono>

namespace sorteo::cli {

/// What the threads of a run share: its clock, and the word to stop. Thread-safe.
class RunControl final {
 public:
  using Clock = std::chrono::steady_clock;
  using Time = std::chrono::nanoseconds;  ///< since the beginning of the run

  /// The run begins now: batches count from `measure_from` on, and none is begun after `end`.
  RunControl(Time measure_from, Time end)
      : start_(Clock::now()), measure_from_(measure_from), end_(end) {}

  Time now() const noexcept { return Clock::now() - start_; }
  Time measure_from() const noexcept { return measure_from_; }
  Time end() const noexcept { return end_; }

  /// No further batch is to be begun.
  void stop() noexcept { stopped_.store(true, std::memory_order_relaxed); }
  bool is_over(Time now) const noexcept {
    return now >= end_ || stopped_.load(std::memory_order_relaxed);
  }

 private:
  const Clock::time_point start_;
  const Time measure_from_;
  const Time end_;
  std::atomic<bool> stopped_{false};
};

}  // namespace sorteo::cli
