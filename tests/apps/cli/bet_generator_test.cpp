#include "apps/cli/bet_generator.hpp"

#include <gmock/gmock.h>

#include <set>

#include "core/text.hpp"

namespace sorteo::cli {
namespace {

// FNV-1a, 64 bits: small, and the same everywhere.
std::uint64_t digest_of(std::uint64_t seed, std::uint32_t agency, int bets) {
  BetGenerator generator(seed, agency);
  std::uint64_t digest = 0xCBF29CE484222325;
  for (int left = bets; left > 0; --left) {
    const Bet bet = generator.next();
    for (const auto& field :
         {bet.first_name, bet.last_name, bet.document, bet.birthdate, bet.number}) {
      for (const char c : field + '\n') {
        digest = (digest ^ static_cast<unsigned char>(c)) * 0x100000001B3;
      }
    }
  }
  return digest;
}

TEST(BetGeneratorTest, SameSeedGivesTheSameBetsForEver) {
  EXPECT_EQ(digest_of(1, 1, 10'000), 16950854115634717167U);
  EXPECT_EQ(digest_of(7574, 5, 10'000), 5199433844117726019U);
}

TEST(BetGeneratorTest, SeedsAndAgenciesDiffer) {
  std::set<std::uint64_t> digests;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    for (std::uint32_t agency = 1; agency <= 30; ++agency) {
      digests.insert(digest_of(seed, agency, 3));
    }
  }
  EXPECT_EQ(digests.size(), 900U);
}

TEST(BetGeneratorTest, EveryBetIsGood) {
  BetGenerator generator(1, 1);
  for (int left = 20'000; left > 0; --left) {
    const Bet bet = generator.next();
    ASSERT_EQ(find_bad_field(bet.view()), std::nullopt);
    ASSERT_THAT(bet.document.size(), testing::AllOf(testing::Ge(7U), testing::Le(8U)));
    ASSERT_GE(bet.birthdate, "1940-01-01");
    ASSERT_LE(bet.birthdate, "2006-12-31");
    ASSERT_LE(*parse_decimal(bet.number), 9999U);
  }
}

TEST(BetGeneratorTest, OneBetInTenThousandWins) {
  BetGenerator generator(1, 2);
  int winners = 0;
  for (int left = 200'000; left > 0; --left) {
    winners += generator.next().number == "7574" ? 1 : 0;
  }
  EXPECT_GE(winners, 7);  // 20 expected, 4.5 the standard deviation
  EXPECT_LE(winners, 33);
}

TEST(BetGeneratorTest, NamesHaveAccents) {
  BetGenerator generator(1, 3);
  int accented = 0;
  std::set<std::string> people;
  for (int left = 10'000; left > 0; --left) {
    const Bet bet = generator.next();
    const std::string name = bet.first_name + ' ' + bet.last_name;
    accented +=
        std::any_of(name.begin(), name.end(), [](char c) { return (c & 0x80) != 0; }) ? 1 : 0;
    people.insert(name);
  }
  EXPECT_GT(accented, 3'000);
  EXPECT_GT(people.size(), 4'000U);
}

}  // namespace
}  // namespace sorteo::cli
