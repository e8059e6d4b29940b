#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace sorteo {

/// Does one thing after the other, in the order in which they were posted: on a thread of its own,
/// or, without one, at once. Thread-safe.
class Background final {
 public:
  explicit Background(bool own_thread);
  /// Stops.
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  /// `task` must not throw. Throws std::bad_alloc, and has not taken it then.
  void post(std::function<void()> task);

  /// Waits until everything has been done that was posted, and takes nothing more.
  void stop();

 private:
  void run();

  const bool own_thread_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace sorteo
