#include "apps/server/process_signals.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace sorteo {
namespace {

int checked(int descriptor, const char* what) {
  if (descriptor < 0) {
    throw std::system_error(errno, std::generic_category(), what);
  }
  return descriptor;
}

sigset_t blocked_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return set;
}

[[noreturn]] void end_at_once(int signal) {
  // Past the log, whose thread may be what the program is waiting for; never waits itself.
  constexpr std::string_view kMessage = "sorteo-server: second signal, ended at once\n";
  pollfd polled{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&polled, 1, 0) > 0) {
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kMessage.data(), kMessage.size());
  }
  ::_exit(128 + signal);
}

}  // namespace

ProcessSignals::ProcessSignals() {
  ::signal(SIGPIPE, SIG_IGN);
  const sigset_t set = blocked_signals();
  signals_ = checked(::signalfd(-1, &set, SFD_CLOEXEC), "signalfd");
  stop_ = checked(::eventfd(0, EFD_CLOEXEC), "eventfd");
  thread_ = std::thread([this] { watch(); });
}

ProcessSignals::~ProcessSignals() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stop_, &one, sizeof one);
  thread_.join();
  ::close(stop_);
  ::close(signals_);
}

std::optional<int> ProcessSignals::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return first_ || is_interrupted_ || is_reload_wanted_; });
  if (!first_ && !is_interrupted_) {
    is_reload_wanted_ = false;
    return SIGHUP;
  }
  return first_;
}

void ProcessSignals::interrupt() {
  {
    const std::lock_guard lock(mutex_);
    is_interrupted_ = true;
  }
  changed_.notify_all();
}

void ProcessSignals::watch() {
  for (;;) {
    pollfd polled[2] = {{signals_, POLLIN, 0}, {stop_, POLLIN, 0}};
    if (::poll(polled, 2, -1) < 0) {
      continue;  // EINTR
    }
    if (polled[1].revents != 0) {
      return;
    }
    // Room for all: a second one that came along is taken before the first can be acted on.
    signalfd_siginfo infos[3];
    const ssize_t bytes = ::read(signals_, infos, sizeof infos);
    for (std::size_t at = 0;
         (at + 1) * sizeof infos[0] <= static_cast<std::size_t>(std::max<ssize_t>(bytes, 0));
         ++at) {
      take(static_cast<int>(infos[at].ssi_signo));
    }
  }
}

void ProcessSignals::take(int signal) {
  {
    const std::lock_guard lock(mutex_);
    if (signal == SIGHUP) {
      is_reload_wanted_ = true;
    } else if (first_) {
      end_at_once(signal);
    } else {
      first_ = signal;
    }
  }
  changed_.notify_all();
}

}  // namespace sorteo
