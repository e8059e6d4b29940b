#include "apps/cli/csv_writer.hpp"

#include <gmock/gmock.h>

#include "apps/cli/csv_reader.hpp"
#include "apps/cli/split_mix.hpp"
#include "tests/apps/cli/text_sink.hpp"
#include "tests/apps/cli/text_source.hpp"

namespace sorteo::cli {
namespace {

using test::TextSink;

std::string written(std::initializer_list<std::string_view> values) {
  TextSink sink;
  CsvWriter writer(sink);
  EXPECT_FALSE(writer.write_row(values));
  EXPECT_FALSE(writer.flush());
  return sink.text;
}

TEST(CsvWriterTest, PlainValuesStandAsTheyAre) {
  EXPECT_EQ(written({"1", "José María", "de la Cruz", "", "0012"}),
            "1,José María,de la Cruz,,0012\r\n");
}

TEST(CsvWriterTest, OnlyCommasQuotesAndLineBreaksNeedQuotes) {
  EXPECT_EQ(written({"a,b", "say \"hi\"", "x\ny", "x\ry", "it's; a|b\t"}),
            "\"a,b\",\"say \"\"hi\"\"\",\"x\ny\",\"x\ry\",it's; a|b\t\r\n");
}

TEST(CsvWriterTest, GathersRowsIntoLargeWrites) {
  TextSink sink;
  CsvWriter writer(sink);
  for (int row = 0; row < 10'000; ++row) {
    ASSERT_FALSE(writer.write_row({"0123456789", "0123456789"}));
  }
  ASSERT_FALSE(writer.flush());
  EXPECT_EQ(sink.text.size(), 230'000U);
  EXPECT_LE(sink.writes, 4);
}

TEST(CsvWriterTest, FailedWriteIsToldEveryTimeAndNothingFollows) {
  TextSink sink;
  sink.room = 0;
  CsvWriter writer(sink);
  EXPECT_FALSE(writer.write_row({"a"}));
  EXPECT_EQ(writer.flush(), boost::system::errc::no_space_on_device);
  sink.room = 100;
  EXPECT_EQ(writer.write_row({"b"}), boost::system::errc::no_space_on_device);
  EXPECT_EQ(writer.flush(), boost::system::errc::no_space_on_device);
  EXPECT_EQ(sink.text, "");
}

TEST(CsvWriterTest, WhatIsWrittenIsReadBack) {
  constexpr std::string_view kPieces[] = {"a", ",", "\"", "\n", "\r", "\r\n", "á", " ", ""};
  SplitMix random(7574);
  std::vector<std::vector<std::string>> rows;
  TextSink sink;
  CsvWriter writer(sink);
  for (int row = 0; row < 5'000; ++row) {
    std::vector<std::string> values(3);
    for (std::string& value : values) {
      for (std::uint64_t left = random.below(8); left > 0; --left) {
        value += kPieces[random.below(std::size(kPieces))];
      }
    }
    ASSERT_FALSE(writer.write_row({values[0], values[1], values[2]}));
    rows.push_back(values);
  }
  ASSERT_FALSE(writer.flush());

  test::TextSource source(sink.text, 1000);
  CsvReader reader(source);
  for (const auto& expected : rows) {
    const CsvItem item = reader.next();
    const auto* record = std::get_if<CsvRecord>(&item);
    ASSERT_NE(record, nullptr);
    ASSERT_THAT(record->fields, testing::ElementsAreArray(expected));
  }
  EXPECT_TRUE(std::holds_alternative<CsvEnd>(reader.next()));
}

TEST(CsvWriterTest, ReaderTakesAnyBytesToAnEnd) {
  constexpr std::string_view kBytes = "ab,\"\"\"\n\r\xEF\xBB\xBF";
  SplitMix random(30904465);
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (std::uint64_t left = random.below(60); left > 0; --left) {
      text += kBytes[random.below(kBytes.size())];
    }
    test::TextSource source(text, 1 + random.below(10));
    CsvReader reader(source);
    std::size_t items = 0;
    while (!std::holds_alternative<CsvEnd>(reader.next())) {
      ASSERT_LE(++items, text.size()) << testing::PrintToString(text);
    }
  }
}

}  // namespace
}  // namespace sorteo::cli
