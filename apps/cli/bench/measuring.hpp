#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "apps/cli/bench/bench_options.hpp"
#include "apps/cli/bench/load.hpp"
#include "apps/cli/bench/process_usage.hpp"
#include "apps/cli/console.hpp"

namespace sorteo::cli {

/// What was seen between the end of the warm-up and the end of the run.
struct Measured {
  LoadTally::Counts counts;
  double seconds = 0;
  double client_cpu_seconds = 0;
  std::optional<double> server_cpu_seconds;
};

/// Runs every load in a thread of its own, from now until the time is up, an interrupt is noted or
/// one of them fails, and until each has ended. Shows progress on `console`. Throws what a load
/// throws.
Measured measure(const std::vector<std::unique_ptr<Load>>& loads, const BenchOptions& options,
                 Console& console);

}  // namespace sorteo::cli
