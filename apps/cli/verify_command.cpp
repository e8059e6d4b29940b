#include "apps/cli/verify_command.hpp"

#include "apps/cli/store_output.hpp"

namespace sorteo::cli {
namespace {

std::string summary_of(const std::string& storage, const StoreSummary& summary) {
  std::string finished;
  for (const std::uint32_t agency : summary.state.finished) {
    finished += (finished.empty() ? "" : " ") + std::to_string(agency);
  }
  const auto& number = summary.state.winning_number;
  const auto& tail = summary.torn_tail;
  return "store: " + storage +                                               //
         "\nrecords: " + std::to_string(summary.records) +                   //
         "\nbatches: " + std::to_string(summary.state.batches) +             //
         "\nbets: " + std::to_string(summary.state.bets) +                   //
         "\nbytes: " + std::to_string(summary.log_bytes) +                   //
         "\nfinished agencies: " + (finished.empty() ? "none" : finished) +  //
         "\ndraw: " + (number ? "held, winning number " + std::to_string(*number) : "not held") +
         "\ntorn tail: " +
         (tail ? std::to_string(tail->bytes) + " bytes at offset " + std::to_string(tail->offset)
               : "none") +
         "\n";
}

}  // namespace

ExitCode run_verify(const VerifyOptions& options, const ReadStore& read_store, Console& console) {
  const auto summary = read_store(options.storage, nullptr);
  if (summary.has_error()) {
    return report_store_failure(summary.error(), console);
  }
  if (const auto error = console.data().write(summary_of(options.storage, *summary))) {
    console.say("sorteo: standard output: cannot be written: " + error.message());
    return ExitCode::kFailure;
  }
  warn_of_torn_tail(*summary, console);
  return ExitCode::kOk;
}

}  // namespace sorteo::cli
