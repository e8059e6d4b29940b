#pragma once

#include <string>
#include <vector>

#include "apps/server/exit_code.hpp"

namespace sorteo {

/// What the command line asks for.
struct CommandLine {
  enum class Action {
    kRun,
    kCheckConfig,
    kEnd,  ///< print `out` and `err`, and end with `exit_code`
  };

  Action action = Action::kEnd;
  std::string config_path;                  ///< of kRun and kCheckConfig
  std::string out;                          ///< of kEnd: for standard output
  std::string err;                          ///< of kEnd: for standard error
  ExitCode exit_code = ExitCode::kSuccess;  ///< of kEnd
};

/// Reads the arguments of `sorteo-server`, without the program's name. `--help`, `--version` and
/// wrong arguments all become kEnd.
CommandLine parse_command_line(const std::vector<std::string>& arguments);

}  // namespace sorteo
