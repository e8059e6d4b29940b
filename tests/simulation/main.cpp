#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulation/simulation.hpp"

namespace {

using sorteo::simulation::Outcome;
using sorteo::simulation::simulate;

constexpr std::string_view kUsage =
    "usage: simulation [--seeds N] [--from SEED] [--replay SEED] [--verbose]\n"
    "  --seeds N      how many exchanges to simulate; 20000 unless given\n"
    "  --from SEED    the first seed; 1 unless given\n"
    "  --replay SEED  simulate this one alone\n"
    "  --verbose      write what happens in each\n";

constexpr std::uint64_t kProgressStep = 1000;
constexpr int kFailed = 1;
constexpr int kWrongUse = 2;

struct Options {
  std::uint64_t seeds = 20'000;
  std::uint64_t from = 1;
  bool is_verbose = false;
};

bool take_number(int count, char** arguments, int& at, std::uint64_t& number) {
  if (++at == count) {
    return false;
  }
  const std::string_view text = arguments[at];
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<Options> parse(int count, char** arguments) {
  Options options;
  for (int at = 1; at < count; ++at) {
    const std::string_view argument = arguments[at];
    if (argument == "--verbose") {
      options.is_verbose = true;
    } else if (argument == "--seeds" && take_number(count, arguments, at, options.seeds)) {
    } else if (argument == "--from" && take_number(count, arguments, at, options.from)) {
    } else if (argument == "--replay" && take_number(count, arguments, at, options.from)) {
      options.seeds = 1;
    } else {
      return std::nullopt;
    }
  }
  return options;
}

}  // namespace

int main(int count, char** arguments) {
  const auto options = parse(count, arguments);
  if (!options) {
    std::cerr << kUsage;
    return kWrongUse;
  }
  const bool shows_progress = !options->is_verbose && isatty(STDERR_FILENO) == 1;
  const auto start = std::chrono::steady_clock::now();
  std::uint64_t failed = 0;
  std::uint64_t steps = 0;
  sorteo::simulation::Tally tally;
  for (std::uint64_t seed = options->from; seed - options->from < options->seeds; ++seed) {
    const Outcome outcome = simulate(seed, options->is_verbose ? &std::cout : nullptr);
    steps += outcome.steps;
    tally += outcome.tally;
    if (!outcome.fault.empty()) {
      ++failed;
      std::cout << "seed " << seed << ": " << outcome.fault << std::endl;
    }
    if (shows_progress && (seed - options->from) % kProgressStep == 0) {
      std::cerr << '\r' << seed - options->from << " of " << options->seeds << std::flush;
    }
  }
  if (shows_progress) {
    std::cerr << '\r';
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::cout << tally.describe() << "simulated exchanges: " << options->seeds
            << ", failed: " << failed << ", events: " << steps << ", seconds: " << took.count()
            << '\n';
  return failed == 0 ? 0 : kFailed;
}
