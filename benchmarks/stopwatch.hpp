#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace sorteo::benchmarks {

inline double cpu_seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// What something took.
struct Cost {
  double seconds = 0;
  double user = 0;
  double system = 0;
  double median = 0;  // microseconds to completion
  double p99 = 0;
  double syncs = 0;
};

/// What passes between its beginning and finish(), in this process.
class Stopwatch final {
 public:
  Stopwatch() { ::getrusage(RUSAGE_SELF, &before_); }

  /// `latencies` in microseconds, one at least.
  Cost finish(std::vector<float> latencies) const {
    Cost cost;
    cost.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
    rusage now{};
    ::getrusage(RUSAGE_SELF, &now);
    cost.user = cpu_seconds(now.ru_utime) - cpu_seconds(before_.ru_utime);
    cost.system = cpu_seconds(now.ru_stime) - cpu_seconds(before_.ru_stime);
    std::ranges::sort(latencies);
    cost.median = latencies.at(latencies.size() / 2);
    cost.p99 = latencies.at(latencies.size() * 99 / 100);
    return cost;
  }

 private:
  rusage before_{};
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace sorteo::benchmarks
