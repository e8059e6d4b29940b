#include "apps/cli/submit_command.hpp"

#include <optional>
#include <utility>

#include "apps/cli/bet_reader.hpp"
#include "apps/cli/bet_sender.hpp"
#include "apps/cli/delivery_report.hpp"
#include "apps/cli/interrupt.hpp"
#include "apps/cli/outbox_check.hpp"
#include "apps/cli/progress_meter.hpp"
#include "apps/cli/stable_file.hpp"
#include "apps/cli/winners_output.hpp"
#include "core/log.hpp"

namespace sorteo::cli {
namespace {

constexpr std::uint64_t kBadLinesShown = 20;

std::string spoken(std::chrono::milliseconds time) {
  return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s"
                                  : std::to_string(time.count()) + " ms";
}

class Submission final {
 public:
  Submission(const SubmitOptions& options, const Connect& connect, Console& console)
      : options_(options), connect_(connect), console_(console) {}

  ExitCode run() {
    auto opened = StableFile::open(options_.csv);
    if (opened.has_error()) {
      return bad_input(opened.error());
    }
    StableFile& file = **opened;
    const auto bets = check(file);
    if (!bets) {
      console_.say("sorteo: nothing was sent");
      return ExitCode::kBadInput;
    }
    file.rewind();
    client::Options how = connection_options();
    EarlierRuns earlier;
    if (with_outbox()) {
      how.outbox = outbox_options(file);
      const auto checked = check_outbox(*how.outbox);
      if (checked.has_error()) {
        return bad_input(checked.error());
      }
      earlier = *checked;
    }
    DeliveryReport report(*bets, earlier);
    ProgressMeter meter({.action = "envio",
                         .total = *bets,
                         .quiet = options_.quiet,
                         .line_every = options_.progress_every},
                        console_);
    how.on_batch = [&](const client::BatchResult& result) {
      report.add(result);
      meter.update(report.stored());
    };
    const auto connection = connect_(std::move(how));
    if (const auto code = send(file, *connection, report, earlier)) {
      return *code;
    }
    return conclude(*connection);
  }

 private:
  // Reads the whole file and reports every bad line; the number of bets when there is none.
  std::optional<std::uint64_t> check(StableFile& file) {
    ProgressMeter meter({.action = "revision", .quiet = options_.quiet}, console_);
    BetReader reader(file);
    std::uint64_t bets = 0;
    std::uint64_t bad_lines = 0;
    for (;;) {  // a line a turn
      const BetItem item = reader.next();
      if (std::holds_alternative<CsvEnd>(item)) {
        break;
      }
      if (const auto* error = std::get_if<InputError>(&item)) {
        console_.say("sorteo: " + error->message);
        return std::nullopt;
      }
      if (const auto* bad = std::get_if<BadLine>(&item)) {
        if (++bad_lines <= kBadLinesShown) {
          console_.say(options_.csv + ":" + std::to_string(bad->line) + ": " + bad->message);
        }
        continue;
      }
      meter.update(++bets);
    }
    if (bad_lines > kBadLinesShown) {
      console_.say(options_.csv + ": and " + std::to_string(bad_lines - kBadLinesShown) +
                   " more bad lines");
    }
    return bad_lines == 0 ? std::optional(bets) : std::nullopt;
  }

  bool with_outbox() const { return !options_.outbox.empty(); }

  ExitCode bad_input(const InputError& error) {
    console_.say("sorteo: " + error.message);
    return ExitCode::kBadInput;
  }

  client::Options connection_options() const {
    client::Options how = cli::connection_options(options_.service);
    how.max_batch_bets = options_.batch_bets;
    how.max_batch_bytes = options_.batch_bytes;
    how.window = options_.window;
    return how;
  }

  client::OutboxOptions outbox_options(const StableFile& file) const {
    client::OutboxOptions outbox;
    outbox.path = options_.outbox;
    outbox.agency = options_.service.agency;
    outbox.source = file.digest();
    return outbox;
  }

  // Sends the file and reports what became of it; nothing when all of it is stored.
  std::optional<ExitCode> send(StableFile& file, AgencyConnection& connection,
                               DeliveryReport& report, const EarlierRuns& earlier) {
    const InterruptGuard guard;
    const auto failure = send_bets(file, connection, report, earlier);
    if (failure) {
      for (const client::BatchResult& batch : connection.unsettled()) {
        report.add(batch);
      }
    }
    for (const std::string& line : report.lines()) {
      console_.say(line);
    }
    if (failure) {
      console_.say("sorteo: " + failure->message);
      if (with_outbox() && failure->cause == SendFailure::Cause::kRefused) {
        console_.say("sorteo: the outbox is as it was; find out first why the server refused that");
      } else if (with_outbox()) {
        console_.say("sorteo: to go on, run the same command again; the outbox knows where it was");
      }
      return exit_code_of_sending(*failure, report);
    }
    if (report.refused() > 0) {
      console_.say("sorteo: bets were refused in an earlier run; agency " +
                   std::to_string(options_.service.agency) + " has not finished");
      return ExitCode::kRefused;
    }
    return std::nullopt;
  }

  // First the bets of earlier runs, so that it can be said how many of them are stored.
  std::optional<SendFailure> send_bets(StableFile& file, AgencyConnection& connection,
                                       const DeliveryReport& report, const EarlierRuns& earlier) {
    BetReader reader(file);
    BetSender sender(connection, report, [] { return interrupted_by() != 0; });
    if (with_outbox()) {
      auto failure = earlier.taken > 0 ? sender.settle_earlier() : std::nullopt;
      console_.say(LogLine("outbox", failure ? "fail" : "success")
                       .with("ya_tomadas", earlier.taken)
                       .with("ya_almacenadas", report.stored())
                       .str());
      if (failure) {
        return failure;
      }
    }
    return sender.send(reader, earlier.taken);
  }

  ExitCode exit_code_of_sending(const SendFailure& failure, const DeliveryReport& report) const {
    // What the outbox keeps is unknown only until the next run.
    if (report.unknown() > 0 && !with_outbox()) {
      return ExitCode::kOutcomeUnknown;
    }
    if (report.refused() > 0 || failure.cause == SendFailure::Cause::kRefused) {
      return ExitCode::kRefused;
    }
    switch (failure.cause) {
      case SendFailure::Cause::kInput:
        return ExitCode::kBadInput;
      case SendFailure::Cause::kInterrupted:
        return interrupted_exit(interrupted_by());
      case SendFailure::Cause::kConnection:
      case SendFailure::Cause::kRefused:
        return ExitCode::kNoConnection;
      case SendFailure::Cause::kOutbox:
        return ExitCode::kFailure;
    }
    return ExitCode::kFailure;
  }

  // Everything is stored: says so to the server, and asks for the winners.
  ExitCode conclude(AgencyConnection& connection) {
    if (const auto failure = connection.finish(options_.agency_total)) {
      console_.say(LogLine("fin_de_envio", "fail").str());
      console_.say("sorteo: " + failure->message);
      console_.say(advice_on_finish(*failure));
      return exit_code_of(*failure);
    }
    console_.say(LogLine("fin_de_envio", "success").str());
    if (!options_.wait) {
      return ExitCode::kOk;
    }
    console_.say(
        LogLine("espera_sorteo", "in_progress").with("hasta", spoken(options_.patience)).str());
    const auto answer = connection.wait_for_winners(options_.patience);
    if (const auto* failure = std::get_if<client::Failure>(&answer)) {
      // The server has answered before, so time ran out for the draw and not for the server.
      return failure->kind == client::FailureKind::kTimedOut
                 ? report_no_winners(ExitCode::kDrawNotHeld,
                                     "the draw was not held within " + spoken(options_.patience) +
                                         "; ask for it later with `sorteo winners`",
                                     console_)
                 : report_no_winners(exit_code_of(*failure), failure->message, console_);
    }
    return print_winners(std::get<client::Winners>(answer), console_);
  }

  std::string advice_on_finish(const client::Failure& failure) const {
    const std::string agency = "agency " + std::to_string(options_.service.agency);
    if (failure.kind == client::FailureKind::kRefused) {
      return "sorteo: every bet of the file was acknowledged, but " + agency +
             " has not finished. If the server has another number of its bets, and nothing else "
             "was "
             "submitted for it, bets are missing or double: compare with `sorteo export`. Only if "
             "it has submitted other bets too, say with --agency-total how many it has in all";
    }
    return "sorteo: every bet is stored, but the server may not know that " + agency +
           " has finished; " +
           (with_outbox() ? "run the same command again to tell it"
                          : "`sorteo winners --protocol 1` tells it");
  }

  const SubmitOptions& options_;
  const Connect& connect_;
  Console& console_;
};

}  // namespace

ExitCode run_submit(const SubmitOptions& options, const Connect& connect, Console& console) {
  return Submission(options, connect, console).run();
}

}  // namespace sorteo::cli
