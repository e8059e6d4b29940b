#pragma once

namespace sorteo::cli {

/// While one lives, the first SIGINT or SIGTERM is noted instead of ending the program, so that a
/// command can stop in order and say what it knows; the second one ends the program. One at a time.
class InterruptGuard final {
 public:
  InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  /// Lets the signals do again what they did before.
  ~InterruptGuard();
};

/// The signal that the InterruptGuard has noted; 0 when there was none, or there is no guard.
int interrupted_by() noexcept;

}  // namespace sorteo::cli
