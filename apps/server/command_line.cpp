#include "apps/server/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace sorteo {
namespace {

constexpr const char* kFooter = R"(
Examples:
  sorteo-server --config configs/server.json
  sorteo-server --config configs/server.json --check-config
  sorteo-server --config configs/server.json --check-config > effective.json

Log lines go to standard error. SIGTERM and SIGINT stop the server: it takes no more requests,
answers those in flight, makes the store durable and exits 0. A second signal ends it at once.

Exit codes:
  0      stopped in order, or the configuration is right
  1      something went wrong while running or stopping
  2      wrong arguments
  3      the configuration cannot be read, or is wrong
  4      the address cannot be listened on
  5      the store is damaged; nothing was changed
  6      the store is in use by another process
  7      the store cannot be opened for another reason
  128+n  ended at once by a second signal n)";

}  // namespace

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
  CommandLine result;
  bool check = false;
  CLI::App app("Takes the bets of a lottery's agencies over TCP, and holds the draw.",
               "sorteo-server");
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  app.add_option("--config", result.config_path, "The configuration, a JSON file")
      ->required()
      ->type_name("FILE");
  app.add_flag("--check-config", check,
               "Check the configuration, print it with its defaults, and end");
  app.set_version_flag("--version", "sorteo-server " SORTEO_VERSION);
  app.footer(kFooter);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 takes them
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    result.out = app.help();
    return result;
  } catch (const CLI::CallForVersion& version) {
    result.out = std::string(version.what()) + "\n";
    return result;
  } catch (const CLI::ParseError& error) {
    result.err = "sorteo-server: " + std::string(error.what()) +
                 "\nsorteo-server --help tells what can be given.\n";
    result.exit_code = ExitCode::kUsage;
    return result;
  }
  result.action = check ? CommandLine::Action::kCheckConfig : CommandLine::Action::kRun;
  return result;
}

}  // namespace sorteo
