#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>

#include "apps/cli/bench/bench_failure.hpp"
#include "apps/cli/bench/latency_histogram.hpp"
#include "apps/cli/bench/run_control.hpp"

namespace sorteo::cli {

/// What has been acknowledged so far. One thread counts, others read.
class LoadTally final {
 public:
  struct Counts {
    std::uint64_t batches = 0;
    std::uint64_t bets = 0;
    std::uint64_t bytes = 0;  ///< of the batches' messages
  };

  void add(const Counts& more) noexcept {
    add(batches_, more.batches);
    add(bets_, more.bets);
    add(bytes_, more.bytes);
  }
  Counts counts() const noexcept {
    return {batches_.load(std::memory_order_relaxed), bets_.load(std::memory_order_relaxed),
            bytes_.load(std::memory_order_relaxed)};
  }

 private:
  // There is one writer, so that no locked instruction is needed.
  static void add(std::atomic<std::uint64_t>& to, std::uint64_t more) noexcept {
    to.store(to.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
  }

  std::atomic<std::uint64_t> batches_{0};
  std::atomic<std::uint64_t> bets_{0};
  std::atomic<std::uint64_t> bytes_{0};
};

/// What a thread of load has seen, when it has ended.
struct LoadResult {
  LatencyHistogram latencies;        ///< of the batches begun, or due, while measured
  std::chrono::nanoseconds late{0};  ///< open loop: the longest that a batch had to wait
                                     ///< before it could be sent
  std::uint64_t unsent = 0;          ///< open loop: batches that were due and never sent
  std::uint64_t begun_bets = 0;      ///< sent, or at least begun
  std::map<std::uint32_t, std::uint64_t> acknowledged;  ///< bets, by agency
  std::optional<BenchFailure> failure;                  ///< the first one
};

/// What one thread does to the server.
class Load {
 public:
  virtual ~Load() = default;

  /// Sends until the run is over, then waits for the answers that are due. Ends early, and stops
  /// the run, when anything fails.
  virtual void run(RunControl& control) = 0;

  /// May be read from another thread while run() runs.
  virtual const LoadTally& tally() const noexcept = 0;

  /// After run().
  virtual const LoadResult& result() const noexcept = 0;
};

}  // namespace sorteo::cli
