#include "apps/common/stream_writer.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace sorteo {
namespace {

using Clock = std::chrono::steady_clock;

// So long at most until a change of the deadline is noticed.
constexpr int kPollMilliseconds = 50;

// What may be written at once without blocking where poll says that there is room: a pipe takes so
// much (pipe(7)), and a file has no reader who could stall.
std::size_t max_write_to(int descriptor) noexcept {
  struct stat status {};
  const bool is_file = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  return is_file ? std::size_t{64} * 1024 : std::size_t{PIPE_BUF};
}

}  // namespace

StreamWriter::StreamWriter(int descriptor) noexcept
    : descriptor_(descriptor), max_write_(max_write_to(descriptor)) {}

void StreamWriter::write(std::string_view text) const noexcept {
  while (!text.empty() && wait_until_writable()) {
    const ssize_t written = ::write(descriptor_, text.data(), std::min(text.size(), max_write_));
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EAGAIN && errno != EINTR) {
      break;  // nobody reads any more: there is no one to tell
    }
  }
}

void StreamWriter::hurry(std::chrono::milliseconds patience) noexcept {
  deadline_ = Clock::now() + patience;
}

bool StreamWriter::wait_until_writable() const noexcept {
  while (Clock::now() < deadline_.load()) {
    pollfd polled{descriptor_, POLLOUT, 0};
    if (::poll(&polled, 1, kPollMilliseconds) != 0 && polled.revents != 0) {
      return true;
    }
  }
  return false;
}

}  // namespace sorteo
