#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>

#include "core/log.hpp"

namespace sorteo {

/// One thread that runs one io_context.
class IoThread final {
 public:
  /// `log` outlives the thread.
  explicit IoThread(Log& log);
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;
  ~IoThread() { stop(); }

  const std::shared_ptr<boost::asio::io_context>& context() const noexcept { return context_; }

  /// Starts the thread. Throws std::system_error when the system gives none.
  void start();

  /// Waits until the context has no more work, and ends the thread. Again: does nothing.
  void stop() noexcept;

 private:
  void run() noexcept;

  Log& log_;
  const std::shared_ptr<boost::asio::io_context> context_;  // shared: see Session::open()
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
};

}  // namespace sorteo
