#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace sorteo {

/// One thread that does the same again and again, with a pause in between. Thread-safe.
class Ticker final {
 public:
  /// `task` must not throw, and what it uses must outlive the ticker. Throws std::system_error when
  /// the system has no threads left.
  Ticker(std::chrono::milliseconds period, std::function<void()> task);
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;
  ~Ticker();

  /// Waits for the task if it runs; it runs no more afterwards. Not to be called by the task.
  /// Stopping again does nothing.
  void stop();

 private:
  void run();

  const std::chrono::milliseconds period_;
  const std::function<void()> task_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace sorteo
