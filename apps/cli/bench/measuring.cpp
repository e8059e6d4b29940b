#include "apps/cli/bench/measuring.hpp"

#include <algorithm>
#include <exception>
#include <thread>

#include "apps/cli/interrupt.hpp"
#include "apps/cli/progress_meter.hpp"

namespace sorteo::cli {
namespace {

constexpr std::chrono::milliseconds kLookEvery{20};

struct Sample {
  RunControl::Time time{0};
  LoadTally::Counts counts;
  double client_cpu_seconds = 0;
  std::optional<double> server_cpu_seconds;
};

class Measuring final {
 public:
  Measuring(const std::vector<std::unique_ptr<Load>>& loads, const BenchOptions& options,
            Console& console)
      : loads_(loads),
        options_(options),
        meter_({.action = "carga", .quiet = options.quiet, .line_every = options.progress_every},
               console),
        control_(options.warm_up, options.warm_up + options.duration) {}

  Measured run() {
    std::vector<std::exception_ptr> errors(loads_.size());
    std::vector<std::thread> threads;
    threads.reserve(loads_.size());
    for (std::size_t index = 0; index < loads_.size(); ++index) {
      threads.emplace_back([this, index, &errors] { errors[index] = run_load(*loads_[index]); });
    }
    wait_until(control_.measure_from());
    const Sample begin = sample();
    wait_until(control_.end());
    const Sample end = sample();
    control_.stop();
    for (std::thread& thread : threads) {
      thread.join();
    }
    for (const std::exception_ptr& error : errors) {
      if (error) {
        std::rethrow_exception(error);
      }
    }
    return difference(begin, end);
  }

 private:
  std::exception_ptr run_load(Load& load) {
    try {
      load.run(control_);
    } catch (...) {
      control_.stop();
      return std::current_exception();
    }
    return nullptr;
  }

  void wait_until(RunControl::Time time) {
    for (RunControl::Time now = control_.now(); now < time && !control_.is_over(now);
         now = control_.now()) {
      std::this_thread::sleep_for(std::min<RunControl::Time>(time - now, kLookEvery));
      meter_.update(counts().bets);
      if (interrupted_by() != 0) {
        control_.stop();
      }
    }
  }

  LoadTally::Counts counts() const {
    LoadTally::Counts sum;
    for (const auto& load : loads_) {
      const LoadTally::Counts counts = load->tally().counts();
      sum.batches += counts.batches;
      sum.bets += counts.bets;
      sum.bytes += counts.bytes;
    }
    return sum;
  }

  Sample sample() const {
    Sample sample{control_.now(), counts(), own_cpu_seconds(), std::nullopt};
    if (options_.server_pid) {
      if (const auto usage = usage_of(*options_.server_pid)) {
        sample.server_cpu_seconds = usage->cpu_seconds;
      }
    }
    return sample;
  }

  static Measured difference(const Sample& begin, const Sample& end) {
    Measured measured;
    measured.counts = {end.counts.batches - begin.counts.batches,
                       end.counts.bets - begin.counts.bets, end.counts.bytes - begin.counts.bytes};
    measured.seconds = std::chrono::duration<double>(end.time - begin.time).count();
    measured.client_cpu_seconds = end.client_cpu_seconds - begin.client_cpu_seconds;
    if (begin.server_cpu_seconds && end.server_cpu_seconds) {
      measured.server_cpu_seconds = *end.server_cpu_seconds - *begin.server_cpu_seconds;
    }
    return measured;
  }

  const std::vector<std::unique_ptr<Load>>& loads_;
  const BenchOptions& options_;
  ProgressMeter meter_;
  RunControl control_;
};

}  // namespace

Measured measure(const std::vector<std::unique_ptr<Load>>& loads, const BenchOptions& options,
                 Console& console) {
  return Measuring(loads, options, console).run();
}

}  // namespace sorteo::cli
