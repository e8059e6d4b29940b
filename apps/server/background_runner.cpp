#include "apps/server/background_runner.hpp"

#include <exception>
#include <utility>

namespace sorteo {

BackgroundRunner::BackgroundRunner(Log& log) : log_(log), thread_([this] { run(); }) {}

BackgroundRunner::~BackgroundRunner() { stop(); }

void BackgroundRunner::post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) {
      return;
    }
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void BackgroundRunner::stop() {
  std::deque<Task> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(tasks_);
  }
  changed_.notify_one();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void BackgroundRunner::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopped_ || !tasks_.empty(); });
    if (stopped_) {
      return;
    }
    {
      const Task task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      run_task(task);
    }
    lock.lock();
  }
}

void BackgroundRunner::run_task(const Task& task) noexcept {
  try {
    task();
  } catch (const std::exception& error) {
    log_.write(LogLevel::kError,
               LogLine("background_task", "fail").with("error", error.what()).str());
  } catch (...) {
    log_.write(LogLevel::kError,
               LogLine("background_task", "fail").with("error", "unknown exception").str());
  }
}

}  // namespace sorteo
