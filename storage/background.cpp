#include "storage/background.hpp"

#include <utility>

namespace sorteo {

Background::Background(bool own_thread) : own_thread_(own_thread) {
  if (own_thread_) {
    thread_ = std::thread([this] { run(); });
  }
}

Background::~Background() { stop(); }

void Background::post(std::function<void()> task) {
  if (!own_thread_) {
    task();
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) {
      return;
    }
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void Background::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Background::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return is_stopping_ || !tasks_.empty(); });
    if (tasks_.empty()) {
      return;
    }
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace sorteo
