#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sorteo::test {

/// How a process ended: one of the two is there.
struct ProcessEnd {
  std::optional<int> code;    ///< it exited with this code
  std::optional<int> signal;  ///< or this signal ended it

  friend bool operator==(const ProcessEnd&, const ProcessEnd&) = default;
};

/// A program that a test runs, with what it prints kept in memory. Its standard input is empty.
/// What still runs is killed, by its process id, when this is destroyed. Thread-safe.
class Process final {
 public:
  /// Starts `argv[0]`, looked up in PATH when it has no slash, in `working_directory` or, when that
  /// is empty, in the test's own. Signals have their defaults, none is blocked.
  /// Throws std::system_error when it cannot be started.
  explicit Process(std::vector<std::string> argv, std::string working_directory = {});
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  pid_t id() const noexcept { return id_; }

  /// Sends `signal`; nothing when the process has ended.
  void send_signal(int signal);

  /// Waits until the process has ended and its output has been read to the end. Nothing when
  /// `patience` was over before.
  std::optional<ProcessEnd> wait(std::chrono::milliseconds patience = kPatience);

  /// Waits until standard output, or standard error, holds `part`. False when the stream ended, or
  /// `patience` was over, without it.
  bool wait_for_out(std::string_view part, std::chrono::milliseconds patience = kPatience);
  bool wait_for_err(std::string_view part, std::chrono::milliseconds patience = kPatience);

  /// What it has printed up to now.
  std::string out() const;
  std::string err() const;

  /// Long enough for a sanitized build on a busy machine; no test that passes waits so long.
  static constexpr std::chrono::milliseconds kPatience{60'000};

 private:
  struct Stream {
    int fd = -1;
    std::string text;
    bool ended = false;
  };

  void start(const std::vector<std::string>& argv, const std::string& working_directory);
  void read_output();
  void read_some(Stream& stream);
  void await_end();
  bool wait_for(const Stream& stream, std::string_view part, std::chrono::milliseconds patience);

  pid_t id_ = -1;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Stream out_;
  Stream err_;
  std::optional<ProcessEnd> end_;
  int stop_reading_ = -1;  // an eventfd: the output may be held open by a child of the process
  std::thread reader_;
  std::thread waiter_;
};

}  // namespace sorteo::test
