#include "tests/failures/mortal_program.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "tests/support/process.hpp"

namespace sorteo::test {
namespace {

constexpr ProcessEnd kDone{0, std::nullopt};
constexpr ProcessEnd kKilled{std::nullopt, SIGKILL};

KilledRuns done(const Process& process, std::uint64_t kills) {
  return {.kills = kills, .is_done = true, .out = process.out(), .err = process.err()};
}

}  // namespace

KilledRuns MortalProgram::run() const {
  Process process(argv_);
  EXPECT_EQ(process.wait(), kDone) << process.err();
  return done(process, 0);
}

KilledRuns MortalProgram::run_until_done(cli::SplitMix& random, std::chrono::microseconds longest,
                                         std::uint64_t most_kills,
                                         const std::function<void()>& after_kill) const {
  for (std::uint64_t kills = 0; kills <= most_kills; ++kills) {
    Process process(argv_);
    std::this_thread::sleep_for(
        std::chrono::microseconds(random.below(static_cast<std::uint64_t>(longest.count()))));
    process.send_signal(SIGKILL);
    const auto end = process.wait();
    if (end == kDone) {
      return done(process, kills);
    }
    EXPECT_EQ(end, kKilled) << "it ended by itself:\n" << process.err();
    if (end != kKilled) {
      return {.kills = kills};
    }
    after_kill();
  }
  ADD_FAILURE() << "it is not done after " << most_kills << " kills";
  return {.kills = most_kills};
}

}  // namespace sorteo::test
