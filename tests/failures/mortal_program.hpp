#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "apps/cli/split_mix.hpp"

namespace sorteo::test {

/// How a program ended that was run again each time it was killed.
struct KilledRuns {
  std::uint64_t kills = 0;
  bool is_done = false;  ///< the last run exited with 0
  std::string out = {};  ///< what that one printed
  std::string err = {};
};

/// A program that is killed at random moments, and run again until it is done. A run that ends in
/// any other way is a failed expectation. Not thread-safe.
class MortalProgram final {
 public:
  explicit MortalProgram(std::vector<std::string> argv) : argv_(std::move(argv)) {}

  /// Runs it once without a kill.
  KilledRuns run() const;

  /// Runs it again and again; each run is killed by SIGKILL when a time up to `longest`, which
  /// `random` chooses, has passed. Gives up after `most_kills`. `after_kill` is called when a run
  /// is gone.
  KilledRuns run_until_done(cli::SplitMix& random, std::chrono::microseconds longest,
                            std::uint64_t most_kills,
                            const std::function<void()>& after_kill) const;

 private:
  const std::vector<std::string> argv_;
};

}  // namespace sorteo::test
