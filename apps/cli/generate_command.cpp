#include "apps/cli/generate_command.hpp"

#include <filesystem>
#include <system_error>

#include "apps/cli/bet_generator.hpp"
#include "apps/cli/csv_writer.hpp"
#include "apps/cli/interrupt.hpp"
#include "apps/cli/output_file.hpp"
#include "apps/cli/progress_meter.hpp"
#include "core/log.hpp"

namespace sorteo::cli {
namespace {

class Generation final {
 public:
  Generation(const GenerateOptions& options, Console& console)
      : options_(options),
        console_(console),
        meter_({.action = "generacion",
                .total = options.agencies * options.bets,
                .quiet = options.quiet},
               console) {}

  ExitCode run() {
    std::error_code error;
    std::filesystem::create_directories(options_.out, error);
    if (error) {
      console_.say("sorteo: " + options_.out + ": cannot be made: " + error.message());
      return ExitCode::kFailure;
    }
    if (!options_.force && is_any_there()) {
      return ExitCode::kFailure;
    }
    for (std::uint32_t agency = 1; agency <= options_.agencies; ++agency) {
      if (const ExitCode code = write_agency(agency); code != ExitCode::kOk) {
        return code;
      }
    }
    console_.say(LogLine("generacion", "success")
                     .with("agencias", options_.agencies)
                     .with("apuestas", options_.agencies * options_.bets)
                     .str());
    return ExitCode::kOk;
  }

 private:
  std::string path_of(std::uint32_t agency) const {
    return (std::filesystem::path(options_.out) / ("agency-" + std::to_string(agency) + ".csv"))
        .string();
  }

  // Looked at before any work, so that nothing is begun that cannot be ended.
  bool is_any_there() {
    for (std::uint32_t agency = 1; agency <= options_.agencies; ++agency) {
      std::error_code ignored;
      if (std::filesystem::exists(path_of(agency), ignored)) {
        console_.say("sorteo: " + path_of(agency) + ": is there already; replace it with --force");
        return true;
      }
    }
    return false;
  }

  ExitCode write_agency(std::uint32_t agency) {
    const std::string path = path_of(agency);
    const auto file = OutputFile::create(path, options_.force ? Overwrite::kYes : Overwrite::kNo);
    if (file.has_error()) {
      console_.say("sorteo: " + file.error().message);
      return ExitCode::kFailure;
    }
    boost::system::error_code error = write_bets(agency, **file);
    if (interrupted_by() != 0) {
      console_.say("sorteo: interrupted");
      return interrupted_exit(interrupted_by());
    }
    if (!error) {
      error = (*file)->commit();
    }
    if (error) {
      console_.say("sorteo: " + path + ": cannot be written: " + error.message());
      return ExitCode::kFailure;
    }
    return ExitCode::kOk;
  }

  boost::system::error_code write_bets(std::uint32_t agency, ByteSink& file) {
    BetGenerator generator(options_.seed, agency);
    CsvWriter csv(file);
    for (std::uint64_t written = 0; written < options_.bets && interrupted_by() == 0; ++written) {
      const Bet bet = generator.next();
      if (const auto error = csv.write_row(
              {bet.first_name, bet.last_name, bet.document, bet.birthdate, bet.number})) {
        return error;
      }
      meter_.update(++done_);
    }
    return csv.flush();
  }

  const GenerateOptions& options_;
  Console& console_;
  const InterruptGuard guard_;  // so that nothing half-written stays behind
  ProgressMeter meter_;
  std::uint64_t done_ = 0;
};

}  // namespace

ExitCode run_generate(const GenerateOptions& options, Console& console) {
  return Generation(options, console).run();
}

}  // namespace sorteo::cli
