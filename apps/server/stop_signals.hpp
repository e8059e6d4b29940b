#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace sorteo {

/// Takes SIGTERM and SIGINT: the first asks the program to stop, the second ends it at once with
/// the code 128 + signal. SIGPIPE is ignored. Made first in `main`, before any other thread,
/// because threads inherit which signals are blocked; there is one in a process.
class StopSignals final {
 public:
  /// Throws std::system_error when the system has no descriptors or threads left.
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  /// Ends the watching; the signals stay blocked.
  ~StopSignals();

  /// Waits for the first signal and returns it.
  int wait();

 private:
  void watch();
  void take(int signal);

  int signals_ = -1;  // a signalfd
  int stop_ = -1;     // an eventfd
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<int> first_;
  std::thread thread_;
};

}  // namespace sorteo
