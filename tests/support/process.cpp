#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace sorteo::test {
namespace {

[[noreturn]] void fail(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    fail(errno, "pipe2");
  }
  return {ends[0], ends[1]};
}

// The child begins with no signal blocked and every one at its default, whatever the test has done.
struct SpawnAttributes {
  SpawnAttributes() {
    ::posix_spawnattr_init(&value);
    sigset_t signals;
    sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&value, &signals);
    sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&value, &signals);
    ::posix_spawnattr_setflags(&value, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnAttributes() { ::posix_spawnattr_destroy(&value); }

  posix_spawnattr_t value;
};

struct SpawnActions {
  SpawnActions(int out, int err, const std::string& working_directory) {
    ::posix_spawn_file_actions_init(&value);
    ::posix_spawn_file_actions_addopen(&value, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&value, out, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&value, err, STDERR_FILENO);
    if (!working_directory.empty()) {
      ::posix_spawn_file_actions_addchdir_np(&value, working_directory.c_str());
    }
  }
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&value); }

  posix_spawn_file_actions_t value;
};

}  // namespace

Process::Process(std::vector<std::string> argv, std::string working_directory) {
  start(argv, working_directory);
  stop_reading_ = ::eventfd(0, EFD_CLOEXEC);
  reader_ = std::thread([this] { read_output(); });
  waiter_ = std::thread([this] { await_end(); });
}

Process::~Process() {
  send_signal(SIGKILL);
  waiter_.join();
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stop_reading_, &one, sizeof one);
  reader_.join();
  ::close(stop_reading_);
  ::close(out_.fd);
  ::close(err_.fd);
}

void Process::start(const std::vector<std::string>& argv, const std::string& working_directory) {
  std::vector<char*> arguments;
  for (const std::string& argument : argv) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  const Pipe out = make_pipe();
  const Pipe err = make_pipe();
  const SpawnAttributes attributes;
  const SpawnActions actions(out.write_end, err.write_end, working_directory);
  const int error = ::posix_spawnp(&id_, argv.at(0).c_str(), &actions.value, &attributes.value,
                                   arguments.data(), environ);
  ::close(out.write_end);
  ::close(err.write_end);
  if (error != 0) {
    ::close(out.read_end);
    ::close(err.read_end);
    fail(error, argv.at(0));
  }
  out_.fd = out.read_end;
  err_.fd = err.read_end;
}

void Process::send_signal(int signal) {
  // Under the lock the process is not reaped, so the id cannot have become another's.
  const std::lock_guard lock(mutex_);
  if (!end_) {
    ::kill(id_, signal);
  }
}

std::optional<ProcessEnd> Process::wait(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  const bool ended =
      changed_.wait_for(lock, patience, [this] { return end_ && out_.ended && err_.ended; });
  return ended ? end_ : std::nullopt;
}

bool Process::wait_for_out(std::string_view part, std::chrono::milliseconds patience) {
  return wait_for(out_, part, patience);
}

bool Process::wait_for_err(std::string_view part, std::chrono::milliseconds patience) {
  return wait_for(err_, part, patience);
}

std::string Process::out() const {
  const std::lock_guard lock(mutex_);
  return out_.text;
}

std::string Process::err() const {
  const std::lock_guard lock(mutex_);
  return err_.text;
}

void Process::read_output() {
  for (;;) {
    pollfd polled[3] = {{out_.ended ? -1 : out_.fd, POLLIN, 0},
                        {err_.ended ? -1 : err_.fd, POLLIN, 0},
                        {stop_reading_, POLLIN, 0}};
    if (::poll(polled, 3, -1) < 0 && errno != EINTR) {
      return;
    }
    if (polled[0].revents != 0) {
      read_some(out_);
    }
    if (polled[1].revents != 0) {
      read_some(err_);
    }
    if (polled[2].revents != 0 || (out_.ended && err_.ended)) {
      return;
    }
  }
}

void Process::read_some(Stream& stream) {
  char buffer[16 * 1024];
  const ssize_t count = ::read(stream.fd, buffer, sizeof buffer);
  const std::lock_guard lock(mutex_);
  if (count > 0) {
    stream.text.append(buffer, static_cast<std::size_t>(count));
  } else {
    stream.ended = true;
  }
  changed_.notify_all();
}

void Process::await_end() {
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  const std::lock_guard lock(mutex_);
  int status = 0;
  ::waitpid(id_, &status, 0);
  end_.emplace();
  if (WIFSIGNALED(status)) {
    end_->signal = WTERMSIG(status);
  } else {
    end_->code = WEXITSTATUS(status);
  }
  changed_.notify_all();
}

bool Process::wait_for(const Stream& stream, std::string_view part,
                       std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  const auto found = [&] { return stream.text.find(part) != std::string::npos; };
  changed_.wait_for(lock, patience, [&] { return found() || stream.ended; });
  return found();
}

}  // namespace sorteo::test
