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

  /// Waits for the first signal and returns it; nothing when interrupt() was called before.
  std::optional<int> wait();

  /// Ends wait(), now or when it is called. A first signal afterwards does nothing more, the second
  /// ends the process. Thread-safe.
  void interrupt();

 private:
  void watch();
  void take(int signal);

  int signals_ = -1;  // a signalfd
  int stop_ = -1;     // an eventfd
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<int> first_;
  bool is_interrupted_ = false;
  std::thread thread_;
};

}  // namespace sorteo
