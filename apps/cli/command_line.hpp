#pragma once

#include <string>
#include <variant>

#include "apps/cli/bench/bench_options.hpp"
#include "apps/cli/exit_code.hpp"
#include "apps/cli/export_command.hpp"
#include "apps/cli/generate_command.hpp"
#include "apps/cli/repair_command.hpp"
#include "apps/cli/submit_command.hpp"
#include "apps/cli/verify_command.hpp"
#include "apps/cli/winners_command.hpp"

namespace sorteo::cli {

/// The arguments ask for words alone, or are wrong.
struct Words {
  ExitCode code = ExitCode::kOk;
  std::string text;  ///< for standard output if the code is kOk, else for standard error
};

using Command = std::variant<SubmitOptions, WinnersOptions, ExportOptions, VerifyOptions,
                             RepairCommandOptions, GenerateOptions, BenchOptions, Words>;

/// What the arguments of `sorteo` ask for. Reads nothing but them.
Command parse_command_line(int argc, const char* const* argv);

}  // namespace sorteo::cli
