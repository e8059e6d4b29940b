#include "core/winner_scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/batch_bytes.hpp"

namespace sorteo {
namespace {

using test::ana;
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

}  // namespace
}  // namespace sorteo
