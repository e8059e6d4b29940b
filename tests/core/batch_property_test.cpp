// Bytes from a stranger: whatever they are, decode_batch answers, and what it accepts is right.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "core/batch.hpp"
#include "core/text.hpp"
#include "tests/support/batch_bytes.hpp"

namespace sorteo {
namespace {

using test::ana;
using test::batch_bytes;
using test::tiago;

constexpr int kRounds = 100'000;

class Random final {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}

  std::size_t below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(engine_);
  }
  char byte() { return static_cast<char>(below(256)); }

 private:
  std::mt19937 engine_;
};

// Changes, inserts, removes, repeats or cuts something.
void mutate(std::string& bytes, Random& random) {
  if (bytes.empty()) {
    bytes += random.byte();
    return;
  }
  const std::size_t at = random.below(bytes.size());
  const std::size_t length = 1 + random.below(std::min<std::size_t>(bytes.size() - at, 8));
  switch (random.below(6)) {
    case 0:
      bytes[at] = random.byte();
      break;
    case 1:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
      break;
    case 2:
      bytes.insert(at, 1, random.byte());
      break;
    case 3:
      bytes.erase(at, length);
      break;
    case 4:
      bytes.insert(random.below(bytes.size()), bytes.substr(at, length));
      break;
    default:
      bytes.resize(at);
  }
}

// Decodes a copy of exactly that size, so that a sanitizer sees any read past it. Returns whether
// it was accepted.
bool check(const std::string& bytes) {
  const std::vector<std::byte> payload(as_bytes(bytes).begin(), as_bytes(bytes).end());
  const auto batch = decode_batch(payload);
  if (batch.has_error()) {
    EXPECT_EQ(inspect_text(batch.error().message()), TextState::kClean);
    EXPECT_LT(batch.error().message().size(), 400U);
    return false;
  }
  std::size_t bets = 0;
  for (const BetView& bet : *batch) {
    EXPECT_EQ(find_bad_field(bet), std::nullopt);
    ++bets;
  }
  EXPECT_EQ(bets, batch->size()) << escaped(bytes, 1000);
  return true;
}

TEST(DecodeBatchPropertyTest, MutatedBatchesAreRefusedOrRight) {
  Random random(20240229);
  const std::string seeds[] = {batch_bytes(1, {}), batch_bytes(1, {ana()}),
                               batch_bytes(2, {ana(), tiago()})};
  int accepted = 0;
  for (int round = 0; round < kRounds && !testing::Test::HasFailure(); ++round) {
    std::string bytes = seeds[random.below(std::size(seeds))];
    const std::size_t mutations = 1 + random.below(4);
    for (std::size_t count = 0; count < mutations; ++count) {
      mutate(bytes, random);
    }
    accepted += check(bytes) ? 1 : 0;
  }
  // A test that is refused every time, or never, tests nothing.
  EXPECT_GT(accepted, kRounds / 100);
  EXPECT_LT(accepted, kRounds / 2);
}

TEST(DecodeBatchPropertyTest, RandomBytesAreRefusedOrRight) {
  Random random(19990317);
  for (int round = 0; round < kRounds && !testing::Test::HasFailure(); ++round) {
    std::string bytes(random.below(64), '\0');
    // Small bytes make lengths that fit and tags that exist, which get further.
    const std::size_t end = random.below(2) == 0 ? 256 : 8;
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(random.below(end)); });
    check(bytes);
  }
}

TEST(DecodeBatchPropertyTest, RandomGoodBatchesComeBack) {
  Random random(7574);
  const auto digits = [&](std::size_t most) {
    std::string text;
    const std::size_t length = 1 + random.below(most);
    while (text.size() < length) {
      text += static_cast<char>('0' + random.below(10));
    }
    return text;
  };
  for (int round = 0; round < 1000; ++round) {
    std::vector<Bet> bets(random.below(20));
    for (Bet& bet : bets) {
      bet = {std::string(1 + random.below(255), 'a'), std::string(1 + random.below(255), 'z'),
             digits(9), "2000-02-29", digits(9)};
    }
    const std::string bytes = batch_bytes(static_cast<std::uint32_t>(round), bets);
    const auto batch = decode_batch(as_bytes(bytes));
    ASSERT_TRUE(batch.has_value()) << batch.error().message();
    ASSERT_EQ(test::bets_of(*batch), bets);
  }
}

}  // namespace
}  // namespace sorteo
