#pragma once

#include <sys/epoll.h>

#include <cstddef>
#include <vector>

#include "apps/cli/bench/load.hpp"
#include "apps/cli/bench/wire_connection.hpp"

namespace sorteo::cli {

struct WireLoadOptions {
  std::chrono::milliseconds timeout{30'000};  ///< without any answer, while one is due
};

/// The load of ready-made batches: one thread, many connections, as few calls of the system as that
/// takes, for it shares the machine with what it measures.
class WireLoad final : public Load {
 public:
  /// `connections` are numbered in rising order. Throws std::system_error when the system gives no
  /// epoll.
  WireLoad(std::vector<WireConnection> connections, const WireLoadOptions& options);
  WireLoad(const WireLoad&) = delete;
  WireLoad& operator=(const WireLoad&) = delete;
  ~WireLoad() override;

  void run(RunControl& control) override;
  const LoadTally& tally() const noexcept override { return tally_; }
  const LoadResult& result() const noexcept override { return result_; }

 private:
  bool is_open_loop() const noexcept;
  void release_due(const RunControl& control, RunControl::Time now);
  std::size_t release_until(RunControl::Time time);
  void wait_for_events(RunControl::Time time);
  void handle(const epoll_event& event, const RunControl& control);
  void stop_sending(const RunControl& control, RunControl::Time now);
  void give_up_if_silent(RunControl::Time now);
  RunControl::Time time_to_wait(const RunControl& control, RunControl::Time now) const noexcept;
  void conclude();

  std::vector<WireConnection> connections_;
  const WireLoadOptions options_;
  const int epoll_;
  std::vector<epoll_event> events_;
  GatherRoom gather_room_;
  std::vector<std::byte> receive_room_;
  LoadTally tally_;
  LoadResult result_;
  std::size_t turn_ = 0;  // open loop: the connection whose batch is due next
  bool is_stopping_ = false;
  std::size_t busy_ = 0;  // while stopping: connections that wait for answers
  std::uint64_t heard_batches_ = 0;
  RunControl::Time heard_at_{0};
};

}  // namespace sorteo::cli
