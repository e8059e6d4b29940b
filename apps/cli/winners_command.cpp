#include "apps/cli/winners_command.hpp"

#include <string>
#include <utility>

#include "apps/cli/winners_output.hpp"

namespace sorteo::cli {
namespace {

ExitCode not_held(std::string_view why, Console& console) {
  return report_no_winners(ExitCode::kDrawNotHeld, why, console);
}

}  // namespace

ExitCode run_winners(const WinnersOptions& options, const Connect& connect, Console& console) {
  const auto connection = connect(connection_options(options.service));
  // The first question apart: it tells a server that cannot be reached from a draw that is late.
  const auto first = connection->ask_winners();
  if (const auto* failure = std::get_if<client::Failure>(&first)) {
    return report_no_winners(exit_code_of(*failure), failure->message, console);
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
