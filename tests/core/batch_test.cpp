#include "core/batch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/batch_bytes.hpp"

namespace sorteo {
namespace {

using test::ana;
using test::ana_fields;
using test::batch_bytes;
using test::bet_bytes;
using test::bets_of;
using test::field_bytes;
using test::tiago;
using test::to_bet;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

static_assert(std::input_iterator<Batch::Iterator>);
static_assert(std::sentinel_for<std::default_sentinel_t, Batch::Iterator>);

TEST(DecodeBetTest, ReadsTheFiveFields) {
  const std::string bytes = bet_bytes(ana());
  const auto bet = decode_bet(as_bytes(bytes));
  ASSERT_TRUE(bet.has_value());
  EXPECT_EQ(to_bet(*bet), ana());
}

TEST(DecodeBetTest, TakesTheFieldsInEveryOrder) {
  test::Fields fields = ana_fields();
  int orders = 0;
  do {
    const std::string bytes = field_bytes(fields);
    const auto bet = decode_bet(as_bytes(bytes));
    ASSERT_TRUE(bet.has_value()) << bet.error().message();
    ASSERT_EQ(to_bet(*bet), ana());
    ++orders;
  } while (std::next_permutation(fields.begin(), fields.end()));
  EXPECT_EQ(orders, 120);
}

TEST(DecodeBetTest, LooksIntoTheBytesWithoutACopy) {
  const std::string bytes = bet_bytes(ana());
  const auto bet = decode_bet(as_bytes(bytes));
  ASSERT_TRUE(bet.has_value());
  EXPECT_EQ(bet->first_name.data(), bytes.data() + 3);
}

TEST(DecodeBatchTest, ReadsAgencyAndBets) {
  const std::string bytes = batch_bytes(7, {ana(), tiago()});
  const auto batch = decode_batch(as_bytes(bytes));
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->agency(), 7U);
  EXPECT_EQ(batch->size(), 2U);
  EXPECT_THAT(bets_of(*batch), ElementsAre(ana(), tiago()));
}

TEST(DecodeBatchTest, BatchWithoutBetsIsGood) {
  const std::string bytes = batch_bytes(4, {});
  const auto batch = decode_batch(as_bytes(bytes));
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->agency(), 4U);
  EXPECT_EQ(batch->size(), 0U);
  EXPECT_THAT(bets_of(*batch), IsEmpty());
}

TEST(DecodeBatchTest, AnyAgencyIsGood) {
  for (const std::uint32_t agency : {0U, 1U, 0x00FFFFFFU, 0x01000000U, UINT32_MAX}) {
    const std::string bytes = batch_bytes(agency, {ana()});
    const auto batch = decode_batch(as_bytes(bytes));
    ASSERT_TRUE(batch.has_value());
    EXPECT_EQ(batch->agency(), agency);
  }
}

TEST(DecodeBatchTest, LooksIntoThePayloadWithoutACopy) {
  const std::string bytes = batch_bytes(1, {ana()});
  const auto batch = decode_batch(as_bytes(bytes));
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->packets().data(), as_bytes(bytes).data() + 4);
  EXPECT_EQ(batch->packets().size(), bytes.size() - 4);
}

TEST(BatchTest, CanBeWalkedOverAgain) {
  const std::string bytes = batch_bytes(1, test::many_bets(3));
  const auto batch = decode_batch(as_bytes(bytes));
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(bets_of(*batch), bets_of(*batch));
}

TEST(BatchTest, IterationShowsWhatDecodeBetReads) {
  const std::string bet =
      field_bytes({{5, "7574"}, {4, "1999-03-17"}, {3, "30904465"}, {2, "Paz"}, {1, "Ana"}});
  const std::string bytes = test::agency_bytes(1) + test::packet_bytes(bet);
  const auto batch = decode_batch(as_bytes(bytes));
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(*batch->begin(), *decode_bet(as_bytes(bet)));
}

TEST(BatchTest, BytesThatAreNotAsPromisedEndTheWalk) {
  const std::string whole = batch_bytes(1, {ana(), tiago()});
  const ByteView packets = as_bytes(whole).subspan(4);
  for (std::size_t length = 0; length < packets.size(); ++length) {
    EXPECT_LE(bets_of(Batch(1, 2, packets.first(length))).size(), 1U) << length;
  }
}

TEST(BatchTest, FieldThatNoBetHasEndsTheWalk) {
  for (const unsigned tag : {0U, 6U, 255U}) {
    const std::string bytes = test::packet_bytes(field_bytes({{tag, "x"}}));
    EXPECT_THAT(bets_of(Batch(1, 1, as_bytes(bytes))), IsEmpty()) << tag;
  }
}

TEST(AppendPacketTest, WritesTheExampleOfTheProtocol) {
  std::string bytes;
  append_packet(bytes, ana().view());
  EXPECT_EQ(bytes, test::from_hex("0000002B"
                                  "010003416E61"
                                  "02000350617A"
                                  "0300083330393034343635"
                                  "04000A313939392D30332D3137"
                                  "05000437353734"));
}

TEST(AppendPacketTest, AppendsBehindWhatIsThere) {
  std::string bytes = "before";
  append_packet(bytes, ana().view());
  EXPECT_TRUE(bytes.starts_with("before"));
  EXPECT_EQ(bytes.size(), 6 + packet_size(ana().view()));
}

TEST(WritePacketTest, WritesWhatIsAppendedWhateverTheLengths) {
  const std::string text = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const std::string_view value = std::string_view(text).substr(0, length);
    const BetView bet{value, value.substr(length / 2), value, value.substr(length / 3), value};
    std::string appended;
    append_packet(appended, bet);
    std::string written(packet_size(bet) + 2, '#');
    write_packet(reinterpret_cast<std::byte*>(written.data()) + 1, bet);
    EXPECT_EQ(written, '#' + appended + '#');
  }
}

TEST(AppendPacketTest, WhatIsEncodedIsDecodedAgain) {
  const std::vector<Bet> bets = {
      ana(),
      tiago(),
      {std::string(255, 'x'), std::string(255, 'y'), "0", "0001-01-01", "4294967295"},
      {"a", "b", std::string(65525, '0') + "4294967295", "9999-12-31", "007574"},
  };
  std::string bytes = test::agency_bytes(9);
  for (const Bet& bet : bets) {
    append_packet(bytes, bet.view());
  }
  const auto batch = decode_batch(as_bytes(bytes));
  ASSERT_TRUE(batch.has_value()) << batch.error().message();
  EXPECT_THAT(bets_of(*batch), ElementsAreArray(bets));
}

}  // namespace
}  // namespace sorteo
