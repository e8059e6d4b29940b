#include "apps/cli/bet_rows.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "apps/cli/csv_writer.hpp"
#include "tests/apps/cli/fake_console.hpp"

namespace sorteo::cli {
namespace {

std::string packets_of(const std::vector<Bet>& bets) {
  std::string packets;
  for (const Bet& bet : bets) {
    append_packet(packets, bet.view());
  }
  return packets;
}

std::string rows_of(std::uint32_t agency, const std::vector<Bet>& bets) {
  const std::string packets = packets_of(bets);
  BetRows rows;
  rows.add(Batch(agency, static_cast<std::uint32_t>(bets.size()), as_bytes(packets)));
  EXPECT_EQ(rows.bets(), bets.size());
  return std::string(rows.text());
}

// What the writer of any CSV makes of them.
std::string csv_of(std::uint32_t agency, const std::vector<Bet>& bets) {
  test::TextSink sink;
  CsvWriter csv(sink);
  for (const Bet& bet : bets) {
    EXPECT_FALSE(csv.write_row({std::to_string(agency), bet.first_name, bet.last_name, bet.document,
                                bet.birthdate, bet.number}));
  }
  EXPECT_FALSE(csv.flush());
  return sink.text;
}

TEST(BetRowsTest, WritesALineABet) {
  EXPECT_EQ(rows_of(1, {{"Ana", "Paz", "30904465", "1999-03-17", "7574"},
                        {"Eva", "Sol", "3", "1985-02-01", "0"}}),
            "1,Ana,Paz,30904465,1999-03-17,7574\r\n1,Eva,Sol,3,1985-02-01,0\r\n");
}

TEST(BetRowsTest, QuotesWhatNeedsItWhereverItStands) {
  constexpr std::array kSpecial = {',', '"', '\r', '\n'};
  for (const char special : kSpecial) {
    for (std::size_t size = 1; size < 40; ++size) {
      for (std::size_t at = 0; at < size; ++at) {
        std::string name(size, 'x');
        name[at] = special;
        const std::vector<Bet> bets = {
            {name, "Paz", "1", "1999-03-17", "7574"},   {"Ana", name, "2", "1999-03-17", "7574"},
            {"Ana", "Paz", name, "1999-03-17", "7574"}, {"Ana", "Paz", "3", name, "7574"},
            {"Ana", "Paz", "4", "1999-03-17", name},    {"Eva", "Sol", "5", "1999-03-17", "7574"}};
        ASSERT_EQ(rows_of(7, bets), csv_of(7, bets)) << size << " " << at;
      }
    }
  }
}

TEST(BetRowsTest, NothingBehindAValueMakesItQuoted) {
  // The lengths 10 and 13 are a line feed and a return, 34 is a quote and 44 a comma.
  for (const std::size_t size : {10U, 13U, 34U, 44U}) {
    const std::vector<Bet> bets = {{"Ana", std::string(size, 'x'), "1", "1999-03-17", "7574"}};
    EXPECT_EQ(rows_of(1, bets), csv_of(1, bets));
    EXPECT_EQ(rows_of(1, bets).find('"'), std::string::npos);
  }
}

TEST(BetRowsTest, KeepsLongNamesAndBytesThatAreNoAscii) {
  const std::vector<Bet> bets = {
      {"Ñandú", std::string(255, '"'), "007", "0001-01-01", "4294967295"},
      {std::string(255, 'x'), "Núñez, Á.", "4294967295", "9999-12-31", "0"}};
  EXPECT_EQ(rows_of(4294967295, bets), csv_of(4294967295, bets));
  EXPECT_EQ(rows_of(0, bets), csv_of(0, bets));
}

TEST(BetRowsTest, GoesOnBehindWhatIsThereUntilCleared) {
  const std::string packets = packets_of({{"Ana", "Paz", "1", "1999-03-17", "7574"}});
  BetRows rows;
  rows.add(Batch(1, 1, as_bytes(packets)));
  rows.add(Batch(2, 1, as_bytes(packets)));
  EXPECT_EQ(rows.text(), "1,Ana,Paz,1,1999-03-17,7574\r\n2,Ana,Paz,1,1999-03-17,7574\r\n");
  EXPECT_EQ(rows.bets(), 2U);
  rows.clear();
  EXPECT_EQ(rows.text(), "");
  EXPECT_EQ(rows.bets(), 0U);
}

TEST(BetRowsTest, EndsAtBytesThatAreNoBets) {
  const std::string packets = packets_of({{"Ana", "Paz", "1", "1999-03-17", "7574"}});
  for (std::size_t size = 0; size < packets.size(); ++size) {
    BetRows rows;
    const std::vector<char> cut(packets.begin(),
                                packets.begin() + static_cast<std::ptrdiff_t>(size));
    rows.add(Batch(1, 1, as_bytes(std::string_view(cut.data(), cut.size()))));
    EXPECT_EQ(rows.text(), "") << size;
  }
}

}  // namespace
}  // namespace sorteo::cli
