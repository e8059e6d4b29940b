#include "apps/cli/winners_output.hpp"

#include <string>

#include "core/log.hpp"

namespace sorteo::cli {

ExitCode print_winners(const client::Winners& winners, Console& console) {
  std::string documents;
  for (const std::uint32_t document : winners) {
    documents += std::to_string(document) + '\n';
  }
  if (const auto error = console.data().write(documents)) {
    console.say("sorteo: the winners cannot be written to standard output: " + error.message());
    return ExitCode::kFailure;
  }
  console.say(
      LogLine("consulta_ganadores", "success").with("cant_ganadores", winners.size()).str());
  return ExitCode::kOk;
}

ExitCode report_no_winners(ExitCode code, std::string_view why, Console& console) {
  const bool waits = code == ExitCode::kDrawNotHeld;
  console.say(LogLine("consulta_ganadores", waits ? "in_progress" : "fail").str());
  console.say("sorteo: " + std::string(why));
  return code;
}

ExitCode exit_code_of(const client::Failure& failure) noexcept {
  switch (failure.kind) {
    case client::FailureKind::kRefused:
      return ExitCode::kRefused;
    case client::FailureKind::kOutcomeUnknown:
      return ExitCode::kOutcomeUnknown;
    case client::FailureKind::kInvalidBet:
      return ExitCode::kBadInput;
    case client::FailureKind::kTimedOut:
    case client::FailureKind::kDisconnected:
    case client::FailureKind::kBadAnswer:
      return ExitCode::kNoConnection;
    case client::FailureKind::kOutbox:
      break;
  }
  return ExitCode::kFailure;
}

}  // namespace sorteo::cli
