#include "apps/common/stream_sink.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string_view>

#include "core/log.hpp"

namespace sorteo {
namespace {

using Clock = std::chrono::steady_clock;

// A pipe that poll calls writable takes so many bytes without blocking (pipe(7)).
constexpr std::size_t kMaxWrite = PIPE_BUF;

// So long at most until a change of the deadline is noticed.
constexpr int kPollMilliseconds = 50;

}  // namespace

StreamSink::StreamSink(int descriptor, spdlog::details::thread_pool& queue)
    : descriptor_(descriptor), queue_(queue) {}

void StreamSink::hurry(std::chrono::milliseconds patience) noexcept {
  deadline_ = Clock::now() + patience;
}

void StreamSink::sink_it_(const spdlog::details::log_msg& message) {
  report_lost_lines(message);
  append(message);
  if (pending_.size() >= kMaxWrite || queue_.queue_size() == 0) {
    write_out();
  }
}

void StreamSink::flush_() { write_out(); }

void StreamSink::report_lost_lines(const spdlog::details::log_msg& message) {
  const std::size_t lost = queue_.overrun_counter();
  if (lost == lost_) {
    return;
  }
  const LogLine line = LogLine("log", "fail").with("lost_lines", lost - lost_);
  lost_ = lost;
  append({message.time, {}, message.logger_name, spdlog::level::warn, line.str()});
}

void StreamSink::append(const spdlog::details::log_msg& message) {
  spdlog::memory_buf_t formatted;
  formatter_->format(message, formatted);
  pending_.append(formatted.data(), formatted.size());
}

void StreamSink::write_out() {
  std::string_view rest = pending_;
  while (!rest.empty() && wait_until_writable()) {
    const ssize_t written = ::write(descriptor_, rest.data(), std::min(rest.size(), kMaxWrite));
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EAGAIN && errno != EINTR) {
      break;  // nobody reads any more: there is no one to tell
    }
  }
  pending_.clear();
}

bool StreamSink::wait_until_writable() const {
  while (Clock::now() < deadline_.load()) {
    pollfd polled{descriptor_, POLLOUT, 0};
    if (::poll(&polled, 1, kPollMilliseconds) != 0 && polled.revents != 0) {
      return true;
    }
  }
  return false;
}

}  // namespace sorteo
