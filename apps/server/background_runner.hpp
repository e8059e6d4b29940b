#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "core/log.hpp"

namespace sorteo {

/// One thread that runs tasks, one after the other, which may block. Thread-safe.
class BackgroundRunner final {
 public:
  using Task = std::function<void()>;

  /// `log` must outlive the runner.
  explicit BackgroundRunner(Log& log);
  BackgroundRunner(const BackgroundRunner&) = delete;
  BackgroundRunner& operator=(const BackgroundRunner&) = delete;
  ~BackgroundRunner();

  /// Runs `task` after those that were posted before; never once the runner has been stopped. An
  /// exception of a task is logged.
  void post(Task task);

  /// Waits for the task that is running and drops those that are not. Not to be called by a task.
  /// Stopping again does nothing.
  void stop();

 private:
  void run();
  void run_task(const Task& task) noexcept;

  Log& log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace sorteo
