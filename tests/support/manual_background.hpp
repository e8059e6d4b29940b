#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

namespace sorteo::test {

/// A background that runs its tasks when the test says so, on the test's thread. Adding is
/// thread-safe.
class ManualBackground final {
 public:
  /// What is given to who wants a background. This must outlive it.
  std::function<void(std::function<void()>)> runner() {
    return [this](std::function<void()> task) {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    };
  }

  std::size_t waiting() const {
    const std::lock_guard lock(mutex_);
    return tasks_.size();
  }

  /// Runs the tasks that wait, and those that they add. Returns how many ran.
  std::size_t run() {
    std::size_t ran = 0;
    while (std::function<void()> task = take()) {
      task();
      ++ran;
    }
    return ran;
  }

 private:
  std::function<void()> take() {
    const std::lock_guard lock(mutex_);
    if (tasks_.empty()) {
      return {};
    }
    std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    return task;
  }

  mutable std::mutex mutex_;
  std::deque<std::function<void()>> tasks_;
};

}  // namespace sorteo::test
