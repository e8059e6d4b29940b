#pragma once

#include <cstddef>
#include <string>

namespace sorteo::limit {

/// Times of a number of commits, in microseconds.
struct CommitTimes {
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double max = 0;
};

/// Commits `bytes` bytes `count` times, one commit after the other, each a write and an fdatasync
/// into written space in `directory`. What the machine allows with one batch in flight. Throws
/// std::system_error.
CommitTimes time_bare_writes(std::size_t bytes, std::size_t count, const std::string& directory);

}  // namespace sorteo::limit
