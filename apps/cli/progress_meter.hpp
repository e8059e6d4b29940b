#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "apps/cli/console.hpp"

namespace sorteo::cli {

struct ProgressOptions {
  std::string action;                           ///< what goes on, as log lines name it
  std::string unit = "bets";                    ///< what is counted
  std::uint64_t total = 0;                      ///< of it; 0 when nobody knows
  bool quiet = false;                           ///< say nothing
  bool only_on_terminal = false;                ///< no lines where there is no terminal
  std::chrono::milliseconds redraw_every{100};  ///< on a terminal
  std::chrono::milliseconds line_every{5'000};  ///< where there is none
};

/// Shows how far a long command is: on a terminal a line that is drawn again and again (a bar,
/// bets, rate, time left), elsewhere now and then a log line. Not thread-safe.
class ProgressMeter final {
 public:
  using Clock = std::chrono::steady_clock;
  using Now = std::function<Clock::time_point()>;

  /// `console` must outlive the meter. The first rate counts from now.
  ProgressMeter(ProgressOptions options, Console& console, Now now = &Clock::now);
  ProgressMeter(const ProgressMeter&) = delete;
  ProgressMeter& operator=(const ProgressMeter&) = delete;
  /// Takes the bar away.
  ~ProgressMeter();

  /// So much is done. Cheap enough for every bet.
  void update(std::uint64_t done);

  /// The same, when only now it is known how much there is to do.
  void update(std::uint64_t done, std::uint64_t total);

 private:
  std::string bar(std::uint64_t done, std::uint64_t rate) const;
  std::string line(std::uint64_t done, std::uint64_t rate) const;

  ProgressOptions options_;
  Console& console_;
  const Now now_;
  const Clock::time_point started_;
  Clock::time_point due_;
};

/// `1234567` as `1,234,567`.
std::string with_thousands(std::uint64_t value);

/// `0:07`, `12:34` or `1:02:03`.
std::string as_clock(std::chrono::seconds time);

}  // namespace sorteo::cli
