#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "apps/cli/bench/bench_options.hpp"
#include "apps/cli/bench/latency_histogram.hpp"
#include "apps/cli/bench/load.hpp"

namespace sorteo::cli {

/// What a benchmark has found. What is left out could not be found out, or was not asked for.
struct BenchReport {
  BenchOptions options;              ///< as they were in effect
  std::string durability;            ///< as the server's Welcome says; empty when it does not
  LoadTally::Counts counts;          ///< acknowledged within the measured time
  double seconds = 0;                ///< that time
  LatencyHistogram latencies;        ///< of batches that were begun, or due, within it
  std::chrono::nanoseconds late{0};  ///< open loop: the longest that a batch waited to be sent
  std::uint64_t unsent = 0;          ///< open loop: batches that were due and never sent
  double client_cpu_seconds = 0;     ///< within the measured time
  std::optional<double> server_cpu_seconds;  ///< within the measured time
  std::optional<std::uint64_t> server_peak_bytes;
  std::uint64_t acknowledged_bets = 0;  ///< of the whole run, warm-up and end included
  std::optional<bool> server_agrees;    ///< that it has stored so many
  std::optional<bool> store_agrees;
  std::optional<double> winners_seconds;  ///< until every agency had its winners
  std::uint64_t winners = 0;
  std::optional<double> idle_bytes;  ///< resident in the server for each idle connection
  std::uint64_t idle_lost = 0;       ///< idle connections that the server has closed
};

/// Lines of `name: value`.
std::string to_text(const BenchReport& report);

/// One JSON object (docs/command-line.md, "bench").
std::string to_json(const BenchReport& report);

}  // namespace sorteo::cli
