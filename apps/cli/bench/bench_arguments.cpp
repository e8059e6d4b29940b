#include "apps/cli/bench/bench_arguments.hpp"

#include <algorithm>
#include <limits>

#include "apps/cli/argument_types.hpp"
#include "apps/cli/command_help.hpp"

namespace sorteo::cli {
namespace {

constexpr Numbers kAgencies{1, 100'000};
constexpr Numbers kAgencyNumbers{1, std::numeric_limits<std::uint32_t>::max() - 100'000};
constexpr Numbers kConnections{1, 100'000};
constexpr Numbers kIdleConnections{0, 1'000'000};
constexpr Numbers kBatchBets{1, 100'000};
constexpr Numbers kWindows{1, 10'000};
constexpr Numbers kRates{1, 1'000'000'000};
constexpr Numbers kSeeds{0, std::numeric_limits<std::uint64_t>::max()};
constexpr Numbers kThreads{1, 256};
constexpr Numbers kProcesses{1, std::numeric_limits<pid_t>::max()};
constexpr std::uint64_t kMostSdkConnections = 1'000;  // each has a thread

void add_server(CLI::App& app, BenchOptions& to) {
  add_parsed(app, "--server", to.server, &parse_endpoint,
             "the server's address; never that of a real draw")
      ->type_name("HOST:PORT")
      ->required();
  app.add_flag("--yes", to.confirmed, "add to the bets that are stored of these agencies");
}

void add_load(CLI::App& app, BenchOptions& to) {
  add_number(app, "--agencies", to.agencies, kAgencies,
             "agencies [5, or the connections if fewer]");
  add_number(app, "--first-agency", to.first_agency, kAgencyNumbers, "number of the first one [1]");
  add_number(app, "--connections", to.connections, kConnections,
             "connections, each of one agency [5, or the agencies if more]");
  add_number(app, "--batch-bets", to.batch_bets, kBatchBets, "bets in a batch [100]");
  add_number(app, "--window", to.window, kWindows,
             "batches of a connection without an answer, at most, and no more than the server's "
             "window [64]");
  add_number(app, "--rate", to.rate, kRates,
             "open loop: so many bets a second are due, whatever the server does [as many as the "
             "window lets through]");
  add_duration(app, "--duration", to.duration, "measure for so long [10s]");
  add_duration(app, "--warm-up", to.warm_up, "and send for so long before that [1s]");
  add_number(app, "--idle-connections", to.idle_connections, kIdleConnections,
             "connections beside these that say Hello and nothing more [0]");
}

void add_form(CLI::App& app, BenchOptions& to) {
  const auto take_version = [&to](const std::string& text) {
    if (text != "1" && text != "2") {
      throw CLI::ValidationError("--protocol", '"' + escaped(text) + "\" is not 1 or 2");
    }
    to.version = text == "1" ? WireVersion::k1 : WireVersion::k2;
  };
  app.add_option_function<std::string>("--protocol", take_version, "version: 1 or 2 [2]")
      ->type_name("VERSION");
  const auto take_through = [&to](const std::string& text) {
    if (text != "wire" && text != "sdk") {
      throw CLI::ValidationError("--through", '"' + escaped(text) + "\" is not wire or sdk");
    }
    to.through = text == "sdk" ? Through::kSdk : Through::kWire;
  };
  app.add_option_function<std::string>(
         "--through", take_through,
         "wire: ready-made batches; sdk: bets in memory, through the client SDK, a thread for each "
         "connection [wire]")
      ->type_name("WAY");
  add_number(app, "--threads", to.threads, kThreads, "threads that send ready-made batches [1]");
  app.add_option("--csv", to.csv, "files of bets, one for each agency in turn [bets are made up]")
      ->type_name("FILE");
  add_number(app, "--seed", to.seed, kSeeds, "of the bets that are made up [1]");
}

void add_results(CLI::App& app, BenchOptions& to) {
  add_path(app, "--store", to.store, "PATH", "at the end, count in the store's folder, too");
  app.add_flag("--winners", to.winners,
               "at the end, finish every agency and wait for its winners: the server then takes no "
               "more bets");
  add_number(app, "--server-pid", to.server_pid, kProcesses,
             "the server's process on this machine: tell its CPU time and memory");
  add_path(app, "--json", to.json, "FILE", "write the report as JSON; - is standard output");
  add_duration(app, "--timeout", to.timeout, "give up after so long without an answer [30s]");
  auto* const quiet = app.add_flag("--quiet", to.quiet, "show no progress");
  add_duration(app, "--progress-every", to.progress_every,
               "a line of progress so often, where there is no terminal [5s]")
      ->excludes(quiet);
}

// What no option alone can be wrong about. Of agencies and connections, one that was left out
// follows the other.
void reconcile(const CLI::App& app, BenchOptions& to) {
  if (app.count("--connections") == 0) {
    to.connections = std::max<std::uint64_t>(to.connections, to.agencies);
  } else if (app.count("--agencies") == 0) {
    to.agencies = static_cast<std::uint32_t>(std::min<std::uint64_t>(to.agencies, to.connections));
  }
  if (to.connections < to.agencies) {
    throw CLI::ValidationError("--connections", "each agency needs one");
  }
  if (to.through == Through::kSdk && to.connections > kMostSdkConnections) {
    throw CLI::ValidationError(
        "--connections", "through the SDK, " + std::to_string(kMostSdkConnections) + " at most");
  }
  if (to.duration.count() == 0) {
    throw CLI::ValidationError("--duration", "nothing can be measured in no time");
  }
  to.threads = std::min(to.threads, to.connections);
}

}  // namespace

CLI::App* add_bench(CLI::App& app, BenchOptions& to) {
  auto* const bench =
      app.add_subcommand("bench", "Load a server with bets, and measure what it acknowledges");
  add_server(*bench, to);
  add_load(*bench, to);
  add_form(*bench, to);
  add_results(*bench, to);
  bench->footer(kBenchExamples);
  bench->final_callback([bench, &to] { reconcile(*bench, to); });
  return bench;
}

}  // namespace sorteo::cli
