#pragma once

#include <string>

#include "apps/cli/console.hpp"
#include "apps/cli/exit_code.hpp"
#include "apps/cli/read_store_function.hpp"

namespace sorteo::cli {

struct ExportOptions {
  std::string storage;  ///< the folder of the store
  std::string out;      ///< the file to write; empty: standard output
  bool quiet = false;   ///< no progress
};

/// `sorteo export` (docs/command-line.md, "export"): writes every bet as CSV, in the order stored.
[[nodiscard]] ExitCode run_export(const ExportOptions& options, const ReadStore& read_store,
                                  Console& console);

}  // namespace sorteo::cli
