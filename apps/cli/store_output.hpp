#pragma once

#include "apps/cli/console.hpp"
#include "apps/cli/exit_code.hpp"
#include "storage/stored_bets.hpp"

namespace sorteo::cli {

/// Says why a store cannot be read; kStoreDamaged when it is damaged, and else kFailure.
[[nodiscard]] ExitCode report_store_failure(const StoreFailure& failure, Console& console);

/// Warns of a torn tail, if there is one.
void warn_of_torn_tail(const StoreSummary& summary, Console& console);

}  // namespace sorteo::cli
