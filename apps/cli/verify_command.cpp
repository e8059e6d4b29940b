#include "apps/cli/verify_command.hpp"

#include <filesystem>
#include <system_error>

#include "apps/cli/progress_meter.hpp"
#include "apps/cli/store_output.hpp"

namespace sorteo::cli {
namespace {

// How many files and directories hold what recovery and repair have cut off, if that can be read.
std::uint64_t count_cuts(const std::string& storage) {
  std::uint64_t cuts = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(storage, error), end; !error && entry != end;
       entry.increment(error)) {
    cuts += entry->path().filename().string().starts_with("cut-") ? 1 : 0;
  }
  return cuts;
}

std::string summary_of(const std::string& storage, const StoreSummary& summary) {
  const auto& tail = summary.torn_tail;
  return "store: " + storage +                                      //
         "\nsegments: " + std::to_string(summary.segments) +        //
         "\nrecords: " + std::to_string(summary.records) +          //
         "\nbatches: " + std::to_string(summary.state.batches) +    //
         "\nbets: " + std::to_string(summary.state.bets) +          //
         "\nsessions: " + std::to_string(summary.state.sessions) +  //
         "\nbytes: " + std::to_string(summary.log_bytes) +          //
         "\nfinished agencies: " + agencies_of(summary.state) +     //
         "\ndraw: " + draw_of(summary.state) +                      //
         "\ntorn tail: " +
         (tail ? std::to_string(tail->bytes) + " bytes at offset " + std::to_string(tail->offset)
               : "none") +
         "\nfiles beside the log: " +
         (summary.warnings.empty() ? "agree with it" : "see the warnings") +
         "\nkept from earlier cuts: " + std::to_string(count_cuts(storage)) +  //
         "\n";
}

}  // namespace

ExitCode run_verify(const VerifyOptions& options, const ReadStore& read_store, Console& console) {
  ProgressMeter meter(
      {.action = "verify", .unit = "bytes", .quiet = options.quiet, .only_on_terminal = true},
      console);
  const auto summary =
      read_store(options.storage, nullptr,
                 [&meter](std::uint64_t done, std::uint64_t total) { meter.update(done, total); });
  if (summary.has_error()) {
    return report_store_failure(summary.error(), console);
  }
  if (const auto error = console.data().write(summary_of(options.storage, *summary))) {
    console.say("sorteo: standard output: cannot be written: " + error.message());
    return ExitCode::kFailure;
  }
  warn_of(*summary, console);
  return ExitCode::kOk;
}

}  // namespace sorteo::cli
