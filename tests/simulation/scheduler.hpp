#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace sorteo::simulation {

/// The virtual clock, and what is to happen when. Events of the same time happen in the order in
/// which they were asked for.
class Scheduler final {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::microseconds;
  using Event = std::function<void()>;

  Scheduler() = default;
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  Time now() const noexcept { return now_; }
  /// Since the start.
  Duration elapsed() const noexcept { return std::chrono::duration_cast<Duration>(now_ - kStart); }
  /// How many events have happened.
  std::uint64_t steps() const noexcept { return steps_; }

  void after(Duration delay, Event event);

  /// Goes to the time of the next event and runs it. False when there is none.
  bool step();

 private:
  struct Entry {
    Time time;
    std::uint64_t order;
    Event event;
  };
  static bool later(const Entry& a, const Entry& b) noexcept {
    return a.time != b.time ? a.time > b.time : a.order > b.order;
  }

  // A day after the clock's zero, so that a time before the start can be written, too.
  static constexpr Time kStart{std::chrono::hours(24)};

  Time now_ = kStart;
  std::uint64_t steps_ = 0;
  std::uint64_t order_ = 0;
  std::vector<Entry> heap_;
};

}  // namespace sorteo::simulation
