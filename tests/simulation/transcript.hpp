#pragma once

#include <concepts>
#include <iosfwd>
#include <string>

#include "tests/simulation/scheduler.hpp"
#include "tests/simulation/tally.hpp"

namespace sorteo::simulation {

/// What happened in one simulation, a line for each event that a person would tell, which costs
/// nothing unless somebody reads it; and how often.
class Transcript final {
 public:
  /// `out` may be null: then nothing is written.
  Transcript(const Scheduler& scheduler, std::ostream* out) noexcept
      : scheduler_(scheduler), out_(out) {}

  /// Counts, whether or not it is read.
  void count(Tally::What what) noexcept { tally_.note(what); }
  const Tally& tally() const noexcept { return tally_; }

  bool is_read() const noexcept { return out_ != nullptr; }

  /// Writes the line that `build` returns.
  template <std::invocable Build>
  void note(Build build) {
    if (out_ != nullptr) {
      write(build());
    }
  }

 private:
  void write(const std::string& line);

  const Scheduler& scheduler_;
  Tally tally_;
  std::ostream* const out_;
};

}  // namespace sorteo::simulation
