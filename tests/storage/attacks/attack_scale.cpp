#include "tests/storage/attacks/attack_scale.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string_view>

namespace sorteo::test {

bool is_full_scale() {
  const char* const scale = std::getenv("SORTEO_ATTACK_SCALE");
  return scale != nullptr && std::string_view(scale) == "full";
}

std::uint64_t stride(std::uint64_t in_ci) { return is_full_scale() ? 1 : in_ci; }

std::uint64_t count(std::uint64_t in_ci, std::uint64_t full) {
  return is_full_scale() ? full : in_ci;
}

std::uint64_t first_seed() {
  const char* const seed = std::getenv("SORTEO_ATTACK_SEED");
  return seed == nullptr ? 0 : std::strtoull(seed, nullptr, 10);
}

void report_count(const std::string& what, std::uint64_t count) {
  std::cout << what << ": " << count << '\n';
  ::testing::Test::RecordProperty(what, std::to_string(count));
}

}  // namespace sorteo::test
