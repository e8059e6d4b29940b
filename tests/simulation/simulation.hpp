#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>

#include "core/bet_store.hpp"
#include "tests/simulation/tally.hpp"

namespace sorteo::simulation {

/// How one simulation ended.
struct Outcome {
  std::string fault;        ///< what went wrong; empty when nothing did
  std::uint64_t steps = 0;  ///< events
  Tally tally;
};

/// Plays one exchange from the first bet to the winners: everything in it follows from `seed`. The
/// faults end after a while; then everything must come to its end. `transcript` may be null.
Outcome simulate(std::uint64_t seed, std::ostream* transcript);

/// The same with a server that sees its store through what `disguise` makes of it: to show that a
/// defect is found.
using Disguise = std::function<std::unique_ptr<BetStore>(std::unique_ptr<BetStore>)>;
Outcome simulate(std::uint64_t seed, std::ostream* transcript, const Disguise& disguise);

}  // namespace sorteo::simulation
