#include "tests/storage/attacks/attack_scale.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string_view>

namespace sorteo::test {

namespace {

// Odd, so that strides do not fall on the same bit of every byte.
constexpr std::uint64_t kSmaller = 7;

bool is_scale(std::string_view name) {
  const char* const scale = std::getenv("SORTEO_ATTACK_SCALE");
  return scale != nullptr && scale == name;
}

}  // namespace

std::uint64_t stride(std::uint64_t in_ci) {
  return is_scale("full") ? 1 : is_scale("small") ? kSmaller * in_ci : in_ci;
}

std::uint64_t count(std::uint64_t in_ci, std::uint64_t full) {
  return is_scale("full")    ? full
         : is_scale("small") ? std::max<std::uint64_t>(1, in_ci / kSmaller)
                             : in_ci;
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
