#pragma once

#include <cstdint>

#include "apps/cli/bench/bench_failure.hpp"
#include "apps/cli/bench/bench_options.hpp"
#include "apps/cli/bench/bench_server.hpp"
#include "apps/cli/bench/count_check.hpp"

namespace sorteo::cli {

/// How the draw went.
struct WinnersTold {
  double seconds = 0;  ///< from the first Finish until the last agency had its winners
  std::uint64_t winners = 0;
};

/// Says for every agency that it has finished with the bets that `stored` says, and waits until
/// each has been told its winners. Errors: kNoConnection, kRefused, kDrawNotHeld.
BenchResult<WinnersTold> wait_for_winners(const BenchServer& server, const BenchOptions& options,
                                          const ExpectedCounts& stored);

}  // namespace sorteo::cli
