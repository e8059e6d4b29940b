#include "apps/cli/store_output.hpp"

#include <string>

#include "core/store_error.hpp"

namespace sorteo::cli {

ExitCode report_store_failure(const StoreFailure& failure, Console& console) {
  console.say("sorteo: " + failure.message);
  return failure.code == StoreError::kDamaged ? ExitCode::kStoreDamaged : ExitCode::kFailure;
}

void warn_of_torn_tail(const StoreSummary& summary, Console& console) {
  if (const auto& tail = summary.torn_tail) {
    console.say("sorteo: warning: " + std::to_string(tail->bytes) + " bytes at offset " +
                std::to_string(tail->offset) +
                " are the beginning of a write that was never acknowledged; they hold no bet");
  }
}

}  // namespace sorteo::cli
