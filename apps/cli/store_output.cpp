#include "apps/cli/store_output.hpp"

#include "core/store_error.hpp"

namespace sorteo::cli {

ExitCode report_store_failure(const StoreFailure& failure, Console& console) {
  console.say("sorteo: " + failure.message);
  return failure.code == StoreError::kDamaged ? ExitCode::kStoreDamaged : ExitCode::kFailure;
}

void warn_of(const StoreSummary& summary, Console& console) {
  if (const auto& tail = summary.torn_tail) {
    console.say("sorteo: warning: " + (tail->file.empty() ? "" : tail->file + ": ") +
                std::to_string(tail->bytes) + " bytes at offset " + std::to_string(tail->offset) +
                " are the beginning of a write that was never acknowledged; they hold no bet");
  }
  for (const std::string& warning : summary.warnings) {
    console.say("sorteo: warning: " + warning);
  }
}

std::string agencies_of(const StoreState& state) {
  std::string agencies;
  for (const std::uint32_t agency : state.finished) {
    agencies += (agencies.empty() ? "" : " ") + std::to_string(agency);
  }
  return agencies.empty() ? "none" : agencies;
}

std::string draw_of(const StoreState& state) {
  return state.winning_number ? "held, winning number " + std::to_string(*state.winning_number)
                              : "not held";
}

}  // namespace sorteo::cli
