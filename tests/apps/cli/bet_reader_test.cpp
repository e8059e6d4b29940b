#include "apps/cli/bet_reader.hpp"

#include <gmock/gmock.h>

#include "tests/apps/cli/text_source.hpp"

namespace sorteo::cli {
namespace {

using testing::ElementsAre;

constexpr const char* kAna = "Ana,Paz,30904465,1999-03-17,7574\r\n";

// Every bet as its document, every bad line as `line: message`.
std::vector<std::string> read_all(const std::string& text) {
  test::TextSource source(text);
  BetReader reader(source);
  std::vector<std::string> seen;
  for (;;) {
    const BetItem item = reader.next();
    if (const auto* bet = std::get_if<BetView>(&item)) {
      seen.emplace_back(bet->document);
    } else if (const auto* bad = std::get_if<BadLine>(&item)) {
      seen.push_back(std::to_string(bad->line) + ": " + bad->message);
    } else {
      return seen;
    }
  }
}

TEST(BetReaderTest, ReadsTheFiveFieldsInTheirOrder) {
  test::TextSource source("María José,\"Paz, h.\",0030904465,1999-03-17,0074\n");
  BetReader reader(source);
  EXPECT_EQ(std::get<BetView>(reader.next()),
            (BetView{"María José", "Paz, h.", "0030904465", "1999-03-17", "0074"}));
}

TEST(BetReaderTest, BadValueIsNamed) {
  EXPECT_THAT(read_all(std::string(kAna) + "Eva,Sol,1,1999-02-30,5\n" + kAna),
              ElementsAre("30904465", "2: birthdate \"1999-02-30\" is not a date", "30904465"));
}

TEST(BetReaderTest, WrongNumberOfFieldsIsCounted) {
  EXPECT_THAT(
      read_all("Ana\nAna,Paz,1,1999-03-17,1,1\n"),
      ElementsAre("1: 1 field where 5 are expected: first_name,last_name,document,birthdate,number",
                  "2: 6 fields where 5 are expected: first_name,last_name,document,birthdate,"
                  "number"));
}

TEST(BetReaderTest, HeaderIsABadLine) {
  EXPECT_THAT(read_all("first_name,last_name,document,birthdate,number\n"),
              ElementsAre("1: document \"document\" is not a decimal number"));
}

TEST(BetReaderTest, LineBreakInAValueIsBad) {
  EXPECT_THAT(read_all("\"An\na\",Paz,1,1999-03-17,1\n"),
              ElementsAre("1: first_name \"An\\x0Aa\" holds a control character"));
}

TEST(BetReaderTest, BadQuotesAreBadLines) {
  EXPECT_THAT(read_all("A\"na,Paz,1,1999-03-17,1\n"),
              ElementsAre("1: a quote stands inside a field that does not begin with one"));
}

TEST(BetReaderTest, EmptyLinesAtTheEndArePassedOver) {
  EXPECT_THAT(read_all(std::string(kAna) + "\r\n\n\r\n"), ElementsAre("30904465"));
  EXPECT_THAT(read_all("\n\n"), ElementsAre());
}

TEST(BetReaderTest, EmptyLinesAnywhereElseAreBad) {
  EXPECT_THAT(read_all("\n" + std::string(kAna) + "\n\r\n" + kAna + "\n"),
              ElementsAre("1: the line is empty", "30904465", "3: the line is empty",
                          "4: the line is empty", "30904465"));
}

}  // namespace
}  // namespace sorteo::cli
