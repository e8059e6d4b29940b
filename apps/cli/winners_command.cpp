#include "apps/cli/winners_command.hpp"

#include <string>
#include <utility>

#include "apps/cli/winners_output.hpp"

namespace sorteo::cli {
namespace {

// In version 1 the question is the one that says the agency has finished: not to be put by chance.
client::Options question_options(const ServerOptions& service) {
  client::Options how = connection_options(service);
  if (how.protocol == client::Protocol::kAuto) {
    how.protocol = client::Protocol::kVersion2;
  }
  return how;
}

ExitCode not_asked(const client::Failure& failure, const ServerOptions& service, Console& console) {
  const ExitCode code = report_no_winners(exit_code_of(failure), failure.message, console);
  const bool was_reached =
      failure.stage != client::Stage::kResolve && failure.stage != client::Stage::kConnect;
  if (service.protocol == client::Protocol::kAuto && was_reached &&
      failure.kind != client::FailureKind::kRefused) {
    console.say(
        "sorteo: if the server speaks version 1 alone, `--protocol 1` asks it; that also says that "
        "the agency has finished, for good");
  }
  return code;
}

ExitCode not_held(std::string_view why, Console& console) {
  return report_no_winners(ExitCode::kDrawNotHeld, why, console);
}

}  // namespace

ExitCode run_winners(const WinnersOptions& options, const Connect& connect, Console& console) {
  const auto connection = connect(question_options(options.service));
  // The first question apart: it tells a server that cannot be reached from a draw that is late.
  const auto first = connection->ask_winners();
  if (const auto* failure = std::get_if<client::Failure>(&first)) {
    return not_asked(*failure, options.service, console);
  }
  if (const auto& winners = std::get<std::optional<client::Winners>>(first)) {
    return print_winners(*winners, console);
  }
  if (options.patience.count() == 0) {
    return not_held("the draw has not been held; ask again later, or wait with --wait", console);
  }
  const auto answer = connection->wait_for_winners(options.patience);
  if (const auto* failure = std::get_if<client::Failure>(&answer)) {
    return failure->kind == client::FailureKind::kTimedOut
               ? not_held("the draw was not held in the time given to --wait", console)
               : report_no_winners(exit_code_of(*failure), failure->message, console);
  }
  return print_winners(std::get<client::Winners>(answer), console);
}

}  // namespace sorteo::cli
