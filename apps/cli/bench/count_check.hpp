#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "apps/cli/bench/bench_failure.hpp"
#include "apps/cli/bench/bench_options.hpp"
#include "apps/cli/bench/bench_server.hpp"
#include "apps/cli/console.hpp"
#include "apps/cli/read_store_function.hpp"

namespace sorteo::cli {

/// How many bets of each agency there are.
using AgencyCounts = std::map<std::uint32_t, std::uint64_t>;

/// What should be stored when the load has ended.
struct ExpectedCounts {
  AgencyCounts before;
  AgencyCounts acknowledged;
  std::uint64_t unknown = 0;  ///< bets that were sent, of any agency, and have no outcome

  /// How many of `agency` are stored at least.
  std::uint64_t of(std::uint32_t agency) const;

  /// What is wrong with `found` by `who`, as a sentence; nothing when it agrees.
  std::optional<std::string> objection(const AgencyCounts& found, const std::string& who) const;
};

/// What the server says that it has of each agency. Errors: kNoConnection.
BenchResult<AgencyCounts> count_at_server(const BenchServer& server, const BenchOptions& options);

/// What the store holds of each agency; it is read whole. Errors: as `sorteo verify`.
BenchResult<AgencyCounts> count_in_store(const ReadStore& read_store, const BenchOptions& options,
                                         Console& console);

}  // namespace sorteo::cli
