#pragma once

#include "apps/cli/bench/bench_options.hpp"
#include "apps/cli/console.hpp"
#include "apps/cli/exit_code.hpp"
#include "apps/cli/read_store_function.hpp"

namespace sorteo::cli {

/// `sorteo bench` (docs/command-line.md, "bench"): loads a server, measures what it acknowledges,
/// and compares that with what it says it has stored.
[[nodiscard]] ExitCode run_bench(const BenchOptions& options, const ReadStore& read_store,
                                 Console& console);

}  // namespace sorteo::cli
