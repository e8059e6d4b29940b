#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace sorteo {

/// Takes SIGTERM and SIGINT: the first asks the program to stop, the second ends it at once with
/// the code 128 + signal. SIGHUP asks it to read its configuration again; those that come while one
/// waits to be taken are one. SIGPIPE is ignored. Made first in `main`, before any other thread,
/// because threads inherit which signals are blocked; there is one in a process.
class ProcessSignals final {
 public:
  /// Throws std::system_error when the system has no descriptors or threads left.
  ProcessSignals();
  ProcessSignals(const ProcessSignals&) = delete;
  ProcessSignals& operator=(const ProcessSignals&) = delete;
  /// Ends the watching; the signals stay blocked.
  ~ProcessSignals();

  /// Waits for a signal and returns it: a SIGHUP, each once, or the first that asks to stop, from
  /// then on always. Nothing when interrupt() was called before.
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
  bool is_reload_wanted_ = false;
  std::thread thread_;
};

}  // namespace sorteo
