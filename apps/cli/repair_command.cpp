#include "apps/cli/repair_command.hpp"

#include "apps/cli/progress_meter.hpp"
#include "apps/cli/store_output.hpp"

namespace sorteo::cli {
namespace {

std::string option_of(RepairAction action) {
  switch (action) {
    case RepairAction::kReport:
      return "";
    case RepairAction::kCut:
      return "--cut";
    case RepairAction::kDropCheckpoint:
      return "--drop-checkpoint";
  }
  return "";
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : " ") + name;
  }
  return text;
}

// What a plan keeps and loses, a line each, further in than its title.
std::string lines_of(const RepairPlan& plan) {
  std::string text = "  keeps: " + std::to_string(plan.kept.bets) + " bets in " +
                     std::to_string(plan.kept.batches) + " batches, " +
                     std::to_string(plan.kept_records) +
                     " records; finished agencies: " + agencies_of(plan.kept) +
                     "; draw: " + draw_of(plan.kept) + "\n";
  if (plan.cut_bytes > 0) {
    text += "  loses: " + std::to_string(plan.cut_bytes) + " bytes, from " + plan.cut_file +
            ", offset " + std::to_string(plan.cut_offset) + " on; in them " +
            std::to_string(plan.cut_records) + " sound records with " +
            std::to_string(plan.cut_bets) + " bets in " + std::to_string(plan.cut_batches) +
            " batches, and what the damage has destroyed\n";
  }
  if (plan.durable_end > plan.kept_end) {
    text += "  loses: what had been acknowledged behind offset " + std::to_string(plan.kept_end) +
            " of the log, up to offset " + std::to_string(plan.durable_end) + "\n";
  }
  if (!plan.moved.empty()) {
    text += "  moves away: " + joined(plan.moved) + "\n";
  }
  return text;
}

std::string text_of(const RepairCommandOptions& options, const RepairReport& report) {
  std::string text = "store: " + options.storage + "\n";
  if (!report.damage) {
    return text + "damage: none; there is nothing to repair\n";
  }
  text += "damage: " + report.damage->message + "\n";
  if (options.action != RepairAction::kReport) {
    text += "repaired by " + option_of(options.action) + ":\n";
    for (const RepairPlan& plan : report.plans) {
      text += lines_of(plan);
    }
    return text + "what was taken away is in: " + report.moved_to + "\n";
  }
  for (const RepairPlan& plan : report.plans) {
    text += "with " + option_of(plan.action) + ":\n" + lines_of(plan);
  }
  return text;
}

}  // namespace

ExitCode run_repair(const RepairCommandOptions& options, const RepairStore& repair_store,
                    Console& console) {
  ProgressMeter meter({.action = "repair", .unit = "bytes", .quiet = options.quiet}, console);
  RepairOptions how{options.action, {}};
  how.progress = [&meter](std::uint64_t done, std::uint64_t total) { meter.update(done, total); };
  const auto report = repair_store(options.storage, how);
  if (report.has_error()) {
    const ExitCode code = report_store_failure(report.error(), console);
    if (code == ExitCode::kStoreDamaged) {
      console.say("sorteo: " + option_of(options.action) +
                  " does not help against this, and nothing was changed; `sorteo repair` without " +
                  "it says what does");
    }
    return code;
  }
  if (const auto error = console.data().write(text_of(options, *report))) {
    console.say("sorteo: standard output: cannot be written: " + error.message());
    return ExitCode::kFailure;
  }
  const bool is_damaged = report->damage && options.action == RepairAction::kReport;
  if (is_damaged) {
    console.say("sorteo: nothing was changed; a good copy of the store is better than any repair");
  }
  return is_damaged ? ExitCode::kStoreDamaged : ExitCode::kOk;
}

}  // namespace sorteo::cli
