#pragma once

#include <cstdint>
#include <string>

namespace sorteo::test {

// How many of the cases of an attack are tried (docs/testing.md): those of CI, or what
// SORTEO_ATTACK_SCALE says, which is `full` for all of them, or `small` for a seventh of those of
// CI, where a program is slow.

/// How far apart the cases are that are tried of a long row: 1 at full scale, `in_ci` in CI, which
/// is best a prime, so that the cases fall on different places of blocks and bytes.
std::uint64_t stride(std::uint64_t in_ci);

/// How many of a row that could go on for ever.
std::uint64_t count(std::uint64_t in_ci, std::uint64_t full);

/// From which seed on: SORTEO_ATTACK_SEED, to look at one case again, or 0.
std::uint64_t first_seed();

/// Says what was done, as `truncations: 65537`: on the standard output and in the test's record.
void report_count(const std::string& what, std::uint64_t count);

}  // namespace sorteo::test
