#include "benchmarks/peers/common/load_options.hpp"

#include <CLI/CLI.hpp>

namespace sorteo::peers {

std::optional<int> parse_load_options(int argc, char** argv, const std::string& about,
                                      const std::vector<std::string>& modes, LoadOptions& options) {
  CLI::App app(about);
  options.mode = modes.front();
  app.add_option("--csv", options.csv, "the bets of connection 1, 2, ...; repeated")
      ->required()
      ->check(CLI::ExistingFile);
  app.option_defaults()->take_last();
  app.add_option("--server", options.server, "the server: HOST:PORT, a folder or a file")
      ->required();
  app.add_option("--connections", options.connections, "each of an agency of its own")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  app.add_option("--batch-bets", options.batch_bets, "bets of a batch")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  app.add_option("--window", options.window, "batches in flight on each connection")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  app.add_option("--duration", options.duration_seconds, "seconds that are measured")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--warm-up", options.warm_up_seconds, "seconds before them")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--mode", options.mode)->check(CLI::IsMember(modes))->capture_default_str();
  app.add_option("--server-pid", options.server_pid, "whose CPU time is measured, too");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  return std::nullopt;
}

}  // namespace sorteo::peers
