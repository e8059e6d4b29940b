#include <signal.h>

#include <exception>
#include <string>
#include <variant>

#include "apps/cli/bench/bench_command.hpp"
#include "apps/cli/command_line.hpp"
#include "apps/cli/sdk_connection.hpp"
#include "apps/cli/terminal_console.hpp"
#include "apps/common/standard_streams.hpp"
#include "storage/store_repair.hpp"
#include "storage/stored_bets.hpp"

namespace {

using namespace sorteo::cli;

boost::system::result<sorteo::StoreSummary, sorteo::StoreFailure> read_store_at(
    const std::string& path, sorteo::PartVisitor* visitor, const sorteo::StoreProgress& progress) {
  return sorteo::read_store_parts(path, visitor, progress);
}

boost::system::result<sorteo::RepairReport, sorteo::StoreFailure> repair_store_at(
    const std::string& path, const sorteo::RepairOptions& options) {
  return sorteo::repair_store(path, options);
}

// Runs whatever the arguments ask for.
class Runner final {
 public:
  explicit Runner(Console& console) : console_(console) {}

  ExitCode operator()(const SubmitOptions& options) const {
    return run_submit(options, &connect_with_sdk, console_);
  }
  ExitCode operator()(const WinnersOptions& options) const {
    return run_winners(options, &connect_with_sdk, console_);
  }
  ExitCode operator()(const ExportOptions& options) const {
    return run_export(options, &read_store_at, console_);
  }
  ExitCode operator()(const VerifyOptions& options) const {
    return run_verify(options, &read_store_at, console_);
  }
  ExitCode operator()(const RepairCommandOptions& options) const {
    return run_repair(options, &repair_store_at, console_);
  }
  ExitCode operator()(const GenerateOptions& options) const {
    return run_generate(options, console_);
  }
  ExitCode operator()(const BenchOptions& options) const {
    return run_bench(options, &read_store_at, console_);
  }
  ExitCode operator()(const Words& words) const {
    if (words.code != ExitCode::kOk) {
      console_.say(words.text);
    } else if (console_.data().write(words.text)) {
      return ExitCode::kFailure;
    }
    return words.code;
  }

 private:
  Console& console_;
};

}  // namespace

int main(int argc, char** argv) {
  sorteo::reserve_standard_streams();
  ::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of write()
  TerminalConsole console;
  try {
    return static_cast<int>(std::visit(Runner(console), parse_command_line(argc, argv)));
  } catch (const std::exception& error) {
    console.say(std::string("sorteo: ") + error.what());
    return static_cast<int>(ExitCode::kFailure);
  }
}
