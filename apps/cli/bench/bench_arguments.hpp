#pragma once

#include <CLI/CLI.hpp>

#include "apps/cli/bench/bench_options.hpp"

namespace sorteo::cli {

/// Adds the command `bench` to `app`. `to` must outlive it, and holds the defaults.
CLI::App* add_bench(CLI::App& app, BenchOptions& to);

}  // namespace sorteo::cli
