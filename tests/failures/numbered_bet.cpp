#include "tests/failures/numbered_bet.hpp"

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

#include "apps/cli/split_mix.hpp"

namespace sorteo::test {
namespace {

constexpr std::string_view kFirstName = "Remitente ";

}  // namespace

Bet numbered_bet(std::uint32_t sender, std::uint32_t index) {
  cli::SplitMix random((std::uint64_t{sender} << 32) | index);
  const std::size_t letters = 1 + random.below(200);
  const auto letter = static_cast<char>('a' + random.below(26));
  const std::uint64_t year = 1930 + random.below(70);
  const std::uint64_t month = 1 + random.below(9);
  const std::size_t zeros = random.below(500);
  const std::uint64_t number = random.below(40) == 0 ? kWinningNumber : random.below(100'000);
  return {std::string(kFirstName) + std::to_string(sender), std::string(letters, letter),
          std::to_string(index), std::to_string(year) + "-0" + std::to_string(month) + "-17",
          std::string(zeros, '0') + std::to_string(number)};
}

std::uint32_t sender_of(const BetView& bet) {
  std::uint32_t sender = 0;
  if (bet.first_name.starts_with(kFirstName)) {
    const std::string_view digits = bet.first_name.substr(kFirstName.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), sender);
  }
  return sender;
}

}  // namespace sorteo::test
