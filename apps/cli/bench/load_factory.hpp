#pragma once

#include <memory>
#include <vector>

#include "apps/cli/bench/bench_data.hpp"
#include "apps/cli/bench/bench_failure.hpp"
#include "apps/cli/bench/bench_options.hpp"
#include "apps/cli/bench/bench_server.hpp"
#include "apps/cli/bench/load.hpp"
#include "apps/cli/bench/schedule.hpp"

namespace sorteo::cli {

using Loads = std::vector<std::unique_ptr<Load>>;

/// Makes the loads that the options ask for; those of ready-made batches are connected. `data` and
/// `schedule`, which is null in a closed loop, must outlive them. Errors: kNoConnection, kRefused.
BenchResult<Loads> make_loads(const BenchServer& server, const BenchOptions& options,
                              const BenchData& data, const Schedule* schedule);

}  // namespace sorteo::cli
