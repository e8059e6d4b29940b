#include "transport/io_thread.hpp"

#include <exception>

namespace sorteo {

IoThread::IoThread(Log& log)
    : log_(log),
      context_(std::make_shared<boost::asio::io_context>(1)),  // a hint: one thread runs it
      work_(boost::asio::make_work_guard(*context_)) {}

void IoThread::start() {
  thread_ = std::thread([this] { run(); });
}

void IoThread::stop() noexcept {
  work_.reset();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void IoThread::run() noexcept {
  for (;;) {
    try {
      context_->run();
      return;
    } catch (const std::exception& exception) {
      // Nothing in the room throws but for want of memory. The other sessions go on.
      log_.write(LogLevel::kError,
                 LogLine("io_thread", "fail").with("error", exception.what()).str());
    }
  }
}

}  // namespace sorteo
