#include "apps/cli/bench/server_survey.hpp"

namespace sorteo::cli {
namespace {

constexpr std::size_t kAgencyBytes = 4;  // of a batch of version 1, before its Packets

BenchFailure wrong_use(std::string message) { return {ExitCode::kUsage, std::move(message)}; }

// Why the load may not be put on the server, if its Welcome to `agency` says so.
BenchResult<void> accept(const v2::Welcome& welcome, const std::string& agency,
                         const BenchOptions& options, std::size_t largest_batch) {
  if (welcome.is_draw_held || welcome.has_finished) {
    return BenchFailure{ExitCode::kRefused,
                        agency +
                            (welcome.is_draw_held ? ": the draw has been held" : " has finished") +
                            ", and the server takes no more bets"};
  }
  if (welcome.agency_bets > 0 && !options.confirmed) {
    return wrong_use(agency + " has " + std::to_string(welcome.agency_bets) +
                     " bets stored, to which more would be added; if that is not a real draw, "
                     "confirm it with --yes");
  }
  const bool is_version1 = options.version == WireVersion::k1;
  const std::uint32_t limit = is_version1 ? welcome.max_frame_bytes : welcome.max_batch_bytes;
  const std::size_t bytes = largest_batch + (is_version1 ? kAgencyBytes : 0);
  if (limit != 0 && bytes > limit) {
    return wrong_use("--batch-bets: a batch has " + std::to_string(bytes) +
                     " bytes, and the server takes " + std::to_string(limit));
  }
  return {};
}

// Version 1 has no question that is harmless.
BenchResult<ServerSurvey> survey_version1(const BenchServer& server, const BenchOptions& options) {
  if (const auto socket = server.connect(); socket.has_error()) {
    return socket.error();
  }
  if (options.winners) {
    return wrong_use("--winners: the server does not know version 2");
  }
  if (!options.confirmed) {
    return wrong_use(
        "the server does not know version 2, so it cannot be asked whether it has bets; if it has "
        "none of a real draw, confirm it with --yes");
  }
  ServerSurvey survey;
  survey.knows_version2 = false;
  return survey;
}

}  // namespace

BenchResult<ServerSurvey> survey_server(const BenchServer& server, const BenchOptions& options,
                                        std::size_t largest_batch) {
  ServerSurvey survey;
  for (std::uint32_t index = 0; index < options.agencies; ++index) {
    const std::uint32_t agency = options.first_agency + index;
    const auto welcome = server.ask(agency);
    if (welcome.has_error()) {
      return options.version == WireVersion::k1 ? survey_version1(server, options)
                                                : BenchResult<ServerSurvey>(welcome.error());
    }
    const auto accepted =
        accept(*welcome, "agency " + std::to_string(agency), options, largest_batch);
    if (accepted.has_error()) {
      return accepted.error();
    }
    survey.stored[agency] = welcome->agency_bets;
    survey.window = welcome->window;
    survey.durability = welcome->durability;
  }
  return survey;
}

}  // namespace sorteo::cli
