#pragma once

#include <boost/system/result.hpp>
#include <cstdint>

#include "core/unique_function.hpp"

namespace sorteo::example {

/// Knows how many bets of an agency are stored. Thread-safe.
class BetCounter {
 public:
  using Result = boost::system::result<std::uint64_t>;
  using Completion = UniqueFunction<void(Result)>;

  virtual ~BetCounter() = default;

  /// Counts the bets of `agency` without blocking, and calls `done` once, from any thread.
  virtual void count(std::uint32_t agency, Completion done) = 0;
};

}  // namespace sorteo::example
