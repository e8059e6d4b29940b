#pragma once

#include <algorithm>
#include <chrono>

namespace sorteo::client {

using Clock = std::chrono::steady_clock;

/// The moment that is `timeout` from `now`. A timeout too long for the clock counts as a century, a
/// negative one as none.
inline Clock::time_point deadline_after(std::chrono::milliseconds timeout,
                                        Clock::time_point now = Clock::now()) noexcept {
  constexpr std::chrono::milliseconds kCentury = std::chrono::hours(24) * 36525;
  return now + std::clamp(timeout, std::chrono::milliseconds::zero(), kCentury);
}

/// The time that one call of the client has: until `deadline` in all, and `patience` without any
/// answer from the server.
class CallClock final {
 public:
  CallClock(Clock::time_point deadline, std::chrono::milliseconds patience) noexcept
      : deadline_(deadline), patience_(patience), give_up_(deadline_after(patience)) {}

  /// When the call must return.
  Clock::time_point deadline() const noexcept { return deadline_; }

  /// When a server that has not answered by then is given up.
  Clock::time_point give_up() const noexcept { return give_up_; }

  /// Until when to wait for the next event.
  Clock::time_point next() const noexcept { return std::min(deadline_, give_up_); }

  /// `timeout` from now, but not past the call's deadline.
  Clock::time_point within(std::chrono::milliseconds timeout) const noexcept {
    return std::min(deadline_, deadline_after(timeout));
  }

  /// The server has answered, or what it has to answer to begins now.
  void note_progress() noexcept { give_up_ = deadline_after(patience_); }

 private:
  Clock::time_point deadline_;
  std::chrono::milliseconds patience_;
  Clock::time_point give_up_;
};

}  // namespace sorteo::client
