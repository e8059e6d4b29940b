#pragma once

#include <string>

#include "apps/cli/console.hpp"
#include "apps/cli/exit_code.hpp"
#include "storage/stored_bets.hpp"

namespace sorteo::cli {

/// Says why a store cannot be read; kStoreDamaged when it is damaged, and else kFailure.
[[nodiscard]] ExitCode report_store_failure(const StoreFailure& failure, Console& console);

/// Warns of a torn tail, if there is one, and of what else is wrong and harmless.
void warn_of(const StoreSummary& summary, Console& console);

/// The agencies that have finished, with blanks between, or `none`.
std::string agencies_of(const StoreState& state);

/// `not held`, or `held, winning number 7574`.
std::string draw_of(const StoreState& state);

}  // namespace sorteo::cli
