#pragma once

#include <cstdint>
#include <string>

namespace sorteo::test {

/// How often an attack is made: the number in the environment variable `name`, if it is set; else
/// `full` when SORTEO_ATTACK_SCALE is "full"; else `in_ci`.
/// Throws std::invalid_argument when the variable holds no number.
std::uint64_t attack_size(const char* name, std::uint64_t in_ci, std::uint64_t full);

/// From what an attack takes its choices: SORTEO_ATTACK_SEED, or 1. Printed, so that a run that
/// failed can be repeated, as far as real processes allow.
std::uint64_t attack_seed();

/// Says what was done, as `kills of the server: 50`: on the standard output and in the test's
/// record.
void say_done(const std::string& what, std::uint64_t count);

}  // namespace sorteo::test
