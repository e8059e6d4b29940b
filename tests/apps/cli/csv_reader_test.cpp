#include "apps/cli/csv_reader.hpp"

#include <gmock/gmock.h>

#include "tests/apps/cli/text_source.hpp"

namespace sorteo::cli {
namespace {

using test::TextSource;
using testing::ElementsAre;

// Every record as `line: [field][field]`, every fault as `line! message`.
std::vector<std::string> read_all(const std::string& text, std::size_t piece = 4096) {
  TextSource source(text, piece);
  CsvReader reader(source);
  std::vector<std::string> seen;
  for (;;) {
    const CsvItem item = reader.next();
    if (const auto* record = std::get_if<CsvRecord>(&item)) {
      std::string shown = std::to_string(record->line) + ": ";
      for (const std::string_view field : record->fields) {
        shown += '[' + std::string(field) + ']';
      }
      seen.push_back(shown);
    } else if (const auto* fault = std::get_if<CsvFault>(&item)) {
      seen.push_back(std::to_string(fault->line) + "! " + fault->message);
    } else {
      EXPECT_TRUE(std::holds_alternative<CsvEnd>(item));
      return seen;
    }
  }
}

TEST(CsvReaderTest, EmptyInputHasNoRecord) { EXPECT_THAT(read_all(""), ElementsAre()); }

TEST(CsvReaderTest, LinesEndWithEitherLineBreakOrTheInput) {
  EXPECT_THAT(read_all("a,b\r\nc,d\ne,f"), ElementsAre("1: [a][b]", "2: [c][d]", "3: [e][f]"));
}

TEST(CsvReaderTest, EmptyFieldsAreFields) {
  EXPECT_THAT(read_all(",,\n\n,"), ElementsAre("1: [][][]", "2: []", "3: [][]"));
}

TEST(CsvReaderTest, QuotedFieldsHoldCommasQuotesAndLineBreaks) {
  EXPECT_THAT(read_all("\"a,b\",\"say \"\"hi\"\"\",\"\"\"\"\r\n\"\",\"two\nlines\"\nnext"),
              ElementsAre("1: [a,b][say \"hi\"][\"]", "2: [][two\nlines]", "4: [next]"));
}

TEST(CsvReaderTest, ByteOrderMarkIsPassedOver) {
  EXPECT_THAT(read_all("\xEF\xBB\xBF\"a\",b\n"), ElementsAre("1: [a][b]"));
  EXPECT_THAT(read_all("\xEF\xBB\xBF"), ElementsAre());
  EXPECT_THAT(read_all("\xEF\xBB"), ElementsAre("1: [\xEF\xBB]"));
}

TEST(CsvReaderTest, ReturnThatEndsNoLineIsText) {
  EXPECT_THAT(read_all("a\rb,\r\rc\nd\r"), ElementsAre("1: [a\rb][\r\rc]", "2: [d\r]"));
}

TEST(CsvReaderTest, BadQuotesCostOneLine) {
  EXPECT_THAT(read_all("a\"b,c\nd\n\"e\"f\ng\n\"h\rx\"\r"),
              ElementsAre("1! a quote stands inside a field that does not begin with one", "2: [d]",
                          "3! text follows the closing quote of a field", "4: [g]",
                          "5! text follows the closing quote of a field"));
}

TEST(CsvReaderTest, MissingClosingQuoteCostsOneLine) {
  EXPECT_THAT(read_all("a\n\"b,c\nd,e\n"),
              ElementsAre("1: [a]", "2! a closing quote is missing", "3: [d][e]"));
}

TEST(CsvReaderTest, LongestLineIsReadAndOneByteMoreIsNot) {
  const std::string longest(CsvReader::kMaxRecordBytes - 1, 'x');
  const std::string fault = "! the line is longer than 8192 bytes, or a closing quote is missing";
  for (const std::size_t piece : {1000UL, 4096UL, 100'000UL}) {
    EXPECT_THAT(read_all(longest + "\na", piece), ElementsAre("1: [" + longest + "]", "2: [a]"));
    EXPECT_THAT(read_all(longest + "x\na", piece), ElementsAre("1" + fault, "2: [a]"));
    EXPECT_THAT(read_all(longest + "x", piece), ElementsAre("1: [" + longest + "x]"));
    EXPECT_THAT(read_all(longest + "xx", piece), ElementsAre("1" + fault));
  }
}

TEST(CsvReaderTest, LineOverTheBufferIsGivenUpWithoutKeepingIt) {
  const std::string huge(300'000, 'x');
  EXPECT_THAT(
      read_all("a\n" + huge + "\nb\n"),
      ElementsAre("1: [a]", "2! the line is longer than 8192 bytes, or a closing quote is missing",
                  "3: [b]"));
}

TEST(CsvReaderTest, OpenQuoteBeforeALongFileCostsOneLine) {
  std::string text = "\"a,b\n";
  for (int line = 0; line < 2000; ++line) {
    text += "c,d,e\r\n";
  }
  const auto seen = read_all(text);
  EXPECT_EQ(seen.size(), 2001U);
  EXPECT_EQ(seen.front(), "1! the line is longer than 8192 bytes, or a closing quote is missing");
  EXPECT_EQ(seen.back(), "2001: [c][d][e]");
}

TEST(CsvReaderTest, ResultDoesNotDependOnHowTheBytesArrive) {
  const std::string text =
      "\xEF\xBB\xBF\"a\"\"\",b\r\n,\"x\r\ny\"\n\nbad\"q\n\"t\"u\r\nc\rd,e\r\n\"open\nlast,\"\"";
  const auto expected = read_all(text);
  EXPECT_EQ(expected.size(), 8U);
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    EXPECT_EQ(read_all(text, piece), expected) << "pieces of " << piece;
  }
}

TEST(CsvReaderTest, FailureToReadIsPassedOn) {
  class BrokenSource final : public ByteSource {
   public:
    boost::system::result<std::size_t, InputError> read(std::span<char>) override {
      return InputError{"disk on fire"};
    }
  };
  BrokenSource source;
  CsvReader reader(source);
  EXPECT_EQ(std::get<InputError>(reader.next()), InputError{"disk on fire"});
}

}  // namespace
}  // namespace sorteo::cli
