#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "apps/cli/bench/bench_failure.hpp"
#include "apps/cli/bench/bench_options.hpp"
#include "apps/cli/bench/bench_server.hpp"
#include "apps/cli/bench/count_check.hpp"

namespace sorteo::cli {

/// What is known of a server before it is loaded.
struct ServerSurvey {
  bool knows_version2 = true;  ///< if not, nothing else is known
  AgencyCounts stored;         ///< bets that it has of each agency
  std::uint32_t window = 0;    ///< requests of a connection without an answer; 0 when not said
  std::string durability;      ///< what an acknowledgement promises; empty when not said
};

/// Asks for every agency, and whether the load may be put on the server. `largest_batch` is the
/// most bytes of Packets that a batch has. Errors: kNoConnection; kRefused, when it takes no more
/// bets of an agency; kUsage, when it takes no such batches, or has bets that nobody confirmed may
/// be added to.
BenchResult<ServerSurvey> survey_server(const BenchServer& server, const BenchOptions& options,
                                        std::size_t largest_batch);

}  // namespace sorteo::cli
