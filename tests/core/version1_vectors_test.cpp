#include "tests/core/version1_vectors.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/batch.hpp"
#include "core/message.hpp"
#include "core/text.hpp"
#include "tests/support/batch_bytes.hpp"

namespace sorteo {
namespace {

using test::from_hex;

TEST(Version1VectorsTest, BatchesMeanWhatTheySay) {
  int batches = 0;
  for (const auto& vector : test::version1_requests()) {
    if (vector.type != static_cast<std::uint8_t>(MessageType::kBatchBet)) {
      continue;
    }
    const std::string payload = from_hex(vector.payload_hex);
    const auto batch = decode_batch(as_bytes(payload));
    ASSERT_TRUE(batch.has_value()) << vector.name << ": " << batch.error().message();
    EXPECT_EQ(batch->agency(), vector.agency) << vector.name;
    EXPECT_EQ(batch->size(), vector.bets.size()) << vector.name;
    EXPECT_EQ(test::bets_of(*batch), vector.bets) << vector.name;
    ++batches;
  }
  EXPECT_EQ(batches, 6);
}

TEST(Version1VectorsTest, SingleBetsMeanWhatTheySay) {
  int bets = 0;
  for (const auto& vector : test::version1_requests()) {
    if (vector.type != static_cast<std::uint8_t>(MessageType::kBet)) {
      continue;
    }
    const std::string payload = from_hex(vector.payload_hex);
    const auto bet = decode_bet(as_bytes(payload));
    ASSERT_TRUE(bet.has_value()) << vector.name << ": " << bet.error().message();
    EXPECT_EQ(test::to_bet(*bet), vector.bets.at(0)) << vector.name;
    ++bets;
  }
  EXPECT_EQ(bets, 1);
}

TEST(Version1VectorsTest, LeadingZerosCountForNothing) {
  int with_zeros = 0;
  for (const auto& vector : test::version1_requests()) {
    for (const Bet& bet : vector.bets) {
      if (bet.number == "007574") {
        EXPECT_EQ(parse_decimal(bet.number), 7574U);
        EXPECT_EQ(parse_decimal(bet.document), 904465U);
        ++with_zeros;
      }
    }
  }
  EXPECT_EQ(with_zeros, 1);
}

TEST(Version1VectorsTest, RepliesHaveTheirBytes) {
  for (const auto& vector : test::version1_replies()) {
    EXPECT_EQ(vector.reply, (Reply{vector.envelope, vector.type, from_hex(vector.payload_hex)}))
        << vector.name;
  }
}

}  // namespace
}  // namespace sorteo
