#include "apps/cli/export_command.hpp"

#include <cstdint>
#include <memory>

#include "apps/cli/bet_rows.hpp"
#include "apps/cli/interrupt.hpp"
#include "apps/cli/output_file.hpp"
#include "apps/cli/progress_meter.hpp"
#include "apps/cli/store_output.hpp"

namespace sorteo::cli {
namespace {

// The lines of some batches.
class RowsPart final : public BatchPart {
 public:
  void add(const Batch& batch) override { rows.add(batch); }

  BetRows rows;
};

// Writes each part that it takes, until a write fails or somebody interrupts.
class Exporter final : public PartVisitor {
 public:
  Exporter(ByteSink& sink, ProgressMeter& meter) : sink_(sink), meter_(meter) {}

  std::unique_ptr<BatchPart> make_part() override { return std::make_unique<RowsPart>(); }

  bool take(BatchPart& part) override {
    BetRows& rows = static_cast<RowsPart&>(part).rows;
    error_ = sink_.write(rows.text());
    bets_ += rows.bets();
    rows.clear();
    meter_.update(bets_);
    return !error_ && interrupted_by() == 0;
  }

  boost::system::error_code error() const noexcept { return error_; }

 private:
  ByteSink& sink_;
  ProgressMeter& meter_;
  boost::system::error_code error_;
  std::uint64_t bets_ = 0;
};

ExitCode cannot_write(const std::string& where, const boost::system::error_code& error,
                      Console& console) {
  console.say("sorteo: " + where + ": cannot be written: " + error.message());
  return ExitCode::kFailure;
}

ExitCode export_to(ByteSink& sink, const std::string& where, const ExportOptions& options,
                   const ReadStore& read_store, Console& console) {
  ProgressMeter meter({.action = "export", .quiet = options.quiet || options.out.empty()}, console);
  Exporter exporter(sink, meter);
  const auto summary = read_store(options.storage, &exporter, {});
  if (const auto error = exporter.error()) {
    return cannot_write(where, error, console);
  }
  if (interrupted_by() != 0) {
    console.say("sorteo: interrupted");
    return interrupted_exit(interrupted_by());
  }
  if (summary.has_error()) {
    return report_store_failure(summary.error(), console);
  }
  warn_of(*summary, console);
  return ExitCode::kOk;
}

}  // namespace

ExitCode run_export(const ExportOptions& options, const ReadStore& read_store, Console& console) {
  if (options.out.empty()) {
    return export_to(console.data(), "standard output", options, read_store, console);
  }
  const InterruptGuard guard;  // so that nothing half-written stays behind
  const auto file = OutputFile::create(options.out, Overwrite::kYes);
  if (file.has_error()) {
    console.say("sorteo: " + file.error().message);
    return ExitCode::kFailure;
  }
  const ExitCode code = export_to(**file, options.out, options, read_store, console);
  if (code != ExitCode::kOk) {
    return code;
  }
  if (const auto error = (*file)->commit()) {
    return cannot_write(options.out, error, console);
  }
  return ExitCode::kOk;
}

}  // namespace sorteo::cli
