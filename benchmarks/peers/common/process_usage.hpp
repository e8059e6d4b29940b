#pragma once

namespace sorteo::peers {

/// The most memory that this process has had, in bytes.
double own_peak_bytes();

/// The CPU seconds that the process `pid` and its children have used, whether they have ended or
/// not; Linux only. 0 when there is no such process.
double cpu_seconds_of(int pid);

}  // namespace sorteo::peers
