#pragma once

#include <functional>
#include <string>

#include "apps/cli/console.hpp"
#include "apps/cli/exit_code.hpp"
#include "storage/store_repair.hpp"

namespace sorteo::cli {

struct RepairCommandOptions {
  std::string storage;  ///< the folder of the store
  RepairAction action = RepairAction::kReport;
  bool quiet = false;  ///< no progress
};

/// sorteo::repair_store, or what a test puts in its place.
using RepairStore = std::function<boost::system::result<RepairReport, StoreFailure>(
    const std::string& path, const RepairOptions& options)>;

/// `sorteo repair` (docs/command-line.md, "repair"): says what is wrong with a store and what each
/// action would keep and lose, or does the one that is asked for. kOk when the store is sound, or
/// is now; kStoreDamaged when it still is damaged.
[[nodiscard]] ExitCode run_repair(const RepairCommandOptions& options,
                                  const RepairStore& repair_store, Console& console);

}  // namespace sorteo::cli
