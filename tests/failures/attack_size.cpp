#include "tests/failures/attack_size.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sorteo::test {
namespace {

std::uint64_t number_in(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  if (text == nullptr) {
    return otherwise;
  }
  std::size_t read = 0;
  const std::uint64_t number = std::stoull(text, &read);
  if (text[read] != '\0') {
    throw std::invalid_argument(std::string(name) + " is no number: " + text);
  }
  return number;
}

}  // namespace

std::uint64_t attack_size(const char* name, std::uint64_t in_ci, std::uint64_t full) {
  const char* scale = std::getenv("SORTEO_ATTACK_SCALE");
  return number_in(name, scale != nullptr && std::string_view(scale) == "full" ? full : in_ci);
}

std::uint64_t attack_seed() {
  const std::uint64_t seed = number_in("SORTEO_ATTACK_SEED", 1);
  std::cout << "with seed " << seed << std::endl;
  return seed;
}

void say_done(const std::string& what, std::uint64_t count) {
  std::cout << what << ": " << count << std::endl;
  ::testing::Test::RecordProperty(what, std::to_string(count));
}

}  // namespace sorteo::test
