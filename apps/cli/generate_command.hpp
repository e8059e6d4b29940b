#pragma once

#include <cstdint>
#include <string>

#include "apps/cli/console.hpp"
#include "apps/cli/exit_code.hpp"

namespace sorteo::cli {

struct GenerateOptions {
  std::uint32_t agencies = 0;  ///< how many files
  std::uint64_t bets = 0;      ///< in each file
  std::uint64_t seed = 1;      ///< the same seed gives the same files
  std::string out;             ///< the folder, made if it is not there
  bool force = false;          ///< replace files that are there
  bool quiet = false;          ///< no progress
};

/// `sorteo generate` (docs/command-line.md, "generate"): writes agency-1.csv, agency-2.csv, ... of
/// made-up bets.
[[nodiscard]] ExitCode run_generate(const GenerateOptions& options, Console& console);

}  // namespace sorteo::cli
