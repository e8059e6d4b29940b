#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace sorteo::cli {

/// What a process has used up to now. Linux tells it of any process of the same user in /proc
/// (proc(5)); nothing when there is no such process, or another system.
struct ProcessUsage {
  double cpu_seconds = 0;            ///< user and system, of all its threads; in steps of 10 ms
  std::uint64_t resident_bytes = 0;  ///< now
  std::uint64_t peak_bytes = 0;      ///< the most that was ever resident
};

std::optional<ProcessUsage> usage_of(pid_t process);

/// CPU seconds, user and system, of this process.
double own_cpu_seconds() noexcept;

}  // namespace sorteo::cli
