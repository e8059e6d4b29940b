#pragma once

#include <string>

#include "apps/cli/console.hpp"
#include "apps/cli/exit_code.hpp"
#include "apps/cli/read_store_function.hpp"

namespace sorteo::cli {

struct VerifyOptions {
  std::string storage;  ///< the folder of the store
  bool quiet = false;   ///< no progress
};

/// `sorteo verify` (docs/command-line.md, "verify"): checks every record and prints a summary.
[[nodiscard]] ExitCode run_verify(const VerifyOptions& options, const ReadStore& read_store,
                                  Console& console);

}  // namespace sorteo::cli
