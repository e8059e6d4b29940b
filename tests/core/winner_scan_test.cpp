#include "core/winner_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/text.hpp"
#include "tests/support/batch_bytes.hpp"

namespace sorteo {
namespace {

using test::ana;
using test::ana_fields;
using test::batch_bytes;
using testing::ElementsAre;
using testing::IsEmpty;

Bet bet_of(std::string document, std::string number) {
  Bet bet = ana();
  bet.document = std::move(document);
  bet.number = std::move(number);
  return bet;
}

std::vector<std::uint32_t> winners(const std::string& payload, std::uint32_t number) {
  const auto batch = decode_batch(as_bytes(payload));
  EXPECT_TRUE(batch.has_value());
  std::vector<std::uint32_t> documents;
  append_winners(*batch, number, documents);
  return documents;
}

TEST(AppendWinnersTest, FindsTheBetsWithTheNumberInTheirOrder) {
  const std::string payload =
      batch_bytes(1, {bet_of("30", "7574"), bet_of("1", "7573"), bet_of("20", "7574")});
  EXPECT_THAT(winners(payload, 7574), ElementsAre(30, 20));
  EXPECT_THAT(winners(payload, 7573), ElementsAre(1));
  EXPECT_THAT(winners(payload, 7575), IsEmpty());
}

TEST(AppendWinnersTest, BatchWithoutBetsHasNone) {
  EXPECT_THAT(winners(batch_bytes(1, {}), 0), IsEmpty());
}

TEST(AppendWinnersTest, AppendsBehindWhatIsThere) {
  const std::string payload = batch_bytes(1, {bet_of("2", "7574")});
  std::vector<std::uint32_t> documents = {1};
  append_winners(*decode_batch(as_bytes(payload)), 7574, documents);
  EXPECT_THAT(documents, ElementsAre(1, 2));
}

// The plain way to the same winners.
std::vector<std::uint32_t> expected_winners(const Batch& batch, std::uint32_t number) {
  std::vector<std::uint32_t> documents;
  for (const BetView& bet : batch) {
    if (parse_decimal(bet.number) == number) {
      documents.push_back(*parse_decimal(bet.document));
    }
  }
  return documents;
}

void expect_the_winners(const std::string& packets, std::uint32_t number) {
  const auto batch = decode_packets(1, as_bytes(packets));
  ASSERT_TRUE(batch.has_value()) << batch.error().message();
  std::vector<std::uint32_t> documents;
  append_winners(*batch, number, documents);
  ASSERT_EQ(documents, expected_winners(*batch, number)) << number << ' ' << escaped(packets, 500);
}

TEST(AppendWinnersTest, NumbersAreComparedAsNumbers) {
  std::vector<std::uint32_t> numbers = {UINT32_MAX, UINT32_MAX - 1};
  for (std::uint32_t power = 1; power <= 1'000'000'000 / 10; power *= 10) {
    numbers.insert(numbers.end(), {power - 1, power, power + 1, power * 7});
  }
  std::string packets;
  for (std::uint32_t document = 10; const std::uint32_t number : numbers) {
    for (std::size_t zeros = 0; zeros < 12; ++zeros) {
      const std::string text = std::string(zeros, '0') + std::to_string(number);
      append_packet(packets, bet_of(std::to_string(document++), text).view());
    }
  }
  for (const std::uint32_t number : numbers) {
    expect_the_winners(packets, number);
    expect_the_winners(packets, number ^ 8);
  }
}

TEST(AppendWinnersTest, FieldsMayStandInEveryOrder) {
  for (const char* number : {"7574", "007574", "0", "00", "99999", "100000"}) {
    test::Fields fields = ana_fields();
    fields[4].second = number;
    // Other fields that end as a number may.
    fields[0].second = "Ana 7574";
    fields[1].second = "7574";
    std::ranges::sort(fields);
    std::string packets;
    do {
      packets += test::packet_bytes(test::field_bytes(fields));
    } while (std::next_permutation(fields.begin(), fields.end()));
    for (const std::uint32_t wanted : {7574U, 0U, 99'999U, 100'000U, 17U, 1U}) {
      expect_the_winners(packets, wanted);
    }
  }
}

TEST(AppendWinnersTest, EveryNumberIsFound) {
  std::string packets;
  for (std::uint32_t number = 0; number <= 100'010; ++number) {
    packets.clear();
    append_packet(packets, bet_of("20", std::to_string(number)).view());
    std::vector<std::uint32_t> documents;
    append_winners(Batch(1, 1, as_bytes(packets)), number, documents);
    append_winners(Batch(1, 1, as_bytes(packets)), number + 1, documents);
    ASSERT_THAT(documents, ElementsAre(20)) << number;
  }
}

TEST(AppendWinnersTest, BytesThatAreNotAsPromisedGiveNoWinner) {
  const std::string bet = test::packet_bytes(test::bet_bytes(ana()));
  const std::vector<std::byte> bytes(as_bytes(bet).begin(), as_bytes(bet).end());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<std::byte> cut(bytes.begin(),
                                     bytes.begin() + static_cast<std::ptrdiff_t>(size));
    std::vector<std::uint32_t> documents;
    append_winners(Batch(1, 1, cut), 7574, documents);
    ASSERT_THAT(documents, IsEmpty()) << size;
  }
}

}  // namespace
}  // namespace sorteo
