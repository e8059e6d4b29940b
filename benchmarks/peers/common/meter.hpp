#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

#include "apps/cli/bench/latency_histogram.hpp"
#include "benchmarks/peers/common/load_options.hpp"

namespace sorteo::peers {

using Clock = std::chrono::steady_clock;

/// Counts what the peer has acknowledged as durable, and says what that was per second. Between
/// warm-up and end it measures; what is acknowledged before or after counts in the total only.
class Meter final {
 public:
  /// Of one connection; used by one thread at a time.
  class Lane final {
   public:
    explicit Lane(const Meter& meter) : meter_(meter) {}

    /// `bets` bets, which were sent at `sent`, are durable.
    void acknowledged(std::uint64_t bets, Clock::time_point sent, Clock::time_point now) noexcept;

    std::uint64_t total_bets() const noexcept { return total_bets_; }

   private:
    friend class Meter;
    const Meter& meter_;
    std::uint64_t total_bets_ = 0;
    std::uint64_t bets_ = 0;
    cli::LatencyHistogram latencies_;
  };

  /// `options` outlives this.
  explicit Meter(const LoadOptions& options);
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;

  Lane& lane(std::size_t connection) { return lanes_[connection]; }

  /// Sleeps through warm-up and measurement; has_ended() is true afterwards.
  void run();
  bool has_ended() const noexcept { return ended_.load(std::memory_order_relaxed); }

  /// Of all lanes.
  std::uint64_t total_bets() const noexcept;

  /// One line of JSON; once no lane is used any more.
  std::string result(const std::string& peer) const;

 private:
  const LoadOptions& options_;
  std::deque<Lane> lanes_;  // that stay where they are
  std::atomic<bool> measuring_{false};
  std::atomic<bool> ended_{false};
  double seconds_ = 0;
  double client_cpu_seconds_ = 0;
  double server_cpu_seconds_ = 0;
};

}  // namespace sorteo::peers
