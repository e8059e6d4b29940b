#pragma once

#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>

namespace sorteo {

/// Writes lines to a file descriptor, several at once when more are queued, and gives up when it is
/// told to: spdlog's own sinks wait for ever for a reader who stalls.
class StreamSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  /// `queue` is where the lines come from: the sink, on the thread of the queue, asks it how many
  /// are waiting, and how many were lost. The descriptor is not closed.
  StreamSink(int descriptor, spdlog::details::thread_pool& queue);

  /// From now on writing ends `patience` after this call, and what is left is dropped. Thread-safe.
  void hurry(std::chrono::milliseconds patience) noexcept;

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override;

 private:
  void report_lost_lines(const spdlog::details::log_msg& message);
  void append(const spdlog::details::log_msg& message);
  void write_out();
  bool wait_until_writable() const;

  const int descriptor_;
  spdlog::details::thread_pool& queue_;
  std::string pending_;
  std::size_t lost_ = 0;  // as far as they have been reported
  std::atomic<std::chrono::steady_clock::time_point> deadline_{
      std::chrono::steady_clock::time_point::max()};
};

}  // namespace sorteo
