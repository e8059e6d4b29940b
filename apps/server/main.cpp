#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "apps/common/spdlog_log.hpp"
#include "apps/common/standard_streams.hpp"
#include "apps/server/command_line.hpp"
#include "apps/server/configuration.hpp"
#include "apps/server/process_signals.hpp"
#include "apps/server/run_server.hpp"
#include "apps/server/surroundings.hpp"

namespace sorteo {
namespace {

void print(std::FILE* to, const std::string& text) { std::fputs(text.c_str(), to); }

// Data on standard output, so that it can be kept; the verdict on standard error.
void print_checked(const std::string& path, const Configuration& configuration) {
  print(stdout, to_json(configuration) + "\n");
  print(stderr, path + ": OK\n");
}

void print_faults(const std::string& path, const ConfigFaults& faults) {
  for (const ConfigFault& fault : faults) {
    print(stderr, path + ": " + fault.message() + "\n");
  }
}

ExitCode run(const CommandLine& line) {
  if (line.action == CommandLine::Action::kEnd) {
    print(stdout, line.out);
    print(stderr, line.err);
    return line.exit_code;
  }
  const auto configuration = load_configuration(line.config_path);
  if (configuration.has_error()) {
    print_faults(line.config_path, configuration.error());
    return ExitCode::kConfiguration;
  }
  const Surroundings surroundings = look_around(*configuration);
  if (!surroundings.faults.empty()) {
    print_faults(line.config_path, surroundings.faults);
    return ExitCode::kConfiguration;
  }
  if (line.action == CommandLine::Action::kCheckConfig) {
    print_checked(line.config_path, *configuration);
    return ExitCode::kSuccess;
  }
  ProcessSignals signals;  // before the log, which starts a thread
  SpdlogLog log({.level = configuration->log_level});
  for (const std::string& warning : surroundings.warnings) {
    log.write(LogLevel::kWarning, LogLine("config", "success").with("warning", warning).str());
  }
  return run_server(*configuration, line.config_path, signals, log,
                    [&log](LogLevel level) { log.set_level(level); });
}

}  // namespace
}  // namespace sorteo

int main(int argc, char** argv) {
  sorteo::reserve_standard_streams();
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const auto code = sorteo::run(sorteo::parse_command_line(arguments));
    if (std::fflush(stdout) != 0) {
      std::fputs("sorteo-server: cannot write to standard output\n", stderr);
      return static_cast<int>(sorteo::ExitCode::kFailed);
    }
    return static_cast<int>(code);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sorteo-server: %s\n", error.what());
    return static_cast<int>(sorteo::ExitCode::kFailed);
  }
}
