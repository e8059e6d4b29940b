#include "core/text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sorteo {
namespace {

using namespace std::string_literals;

// The UTF-8 bytes of a code point, also of one that has none by right.
std::string utf8(unsigned code_point) {
  const auto byte = [](unsigned value) { return static_cast<char>(value); };
  const auto tail = [&](unsigned shift) { return byte(0x80 | (code_point >> shift & 0x3F)); };
  if (code_point < 0x80) return {byte(code_point)};
  if (code_point < 0x800) return {byte(0xC0 | code_point >> 6), tail(0)};
  if (code_point < 0x10000) return {byte(0xE0 | code_point >> 12), tail(6), tail(0)};
  return {byte(0xF0 | code_point >> 18), tail(12), tail(6), tail(0)};
}

bool is_control(unsigned code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
}

TEST(InspectTextTest, EmptyTextIsClean) { EXPECT_EQ(inspect_text(""), TextState::kClean); }

TEST(InspectTextTest, EveryCodePointIsCleanOrControlOrSurrogate) {
  for (unsigned code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    const TextState expected = surrogate                ? TextState::kNotUtf8
                               : is_control(code_point) ? TextState::kControl
                                                        : TextState::kClean;
    ASSERT_EQ(inspect_text(utf8(code_point)), expected) << std::hex << code_point;
  }
}

TEST(InspectTextTest, AboveTheLastCodePointIsIllFormed) {
  for (const unsigned code_point : {0x110000U, 0x13FFFFU, 0x140000U, 0x1FFFFFU}) {
    EXPECT_EQ(inspect_text(utf8(code_point)), TextState::kNotUtf8) << std::hex << code_point;
  }
}

TEST(InspectTextTest, OverlongFormsAreIllFormed) {
  for (const auto& overlong :
       {"\xC0\x80"s, "\xC0\xAF"s, "\xC1\xBF"s, "\xE0\x80\x80"s, "\xE0\x9F\xBF"s,
        "\xF0\x80\x80\x80"s, "\xF0\x8F\xBF\xBF"s, "\xF8\x88\x80\x80\x80"s}) {
    EXPECT_EQ(inspect_text(overlong), TextState::kNotUtf8) << escaped(overlong);
  }
}

TEST(InspectTextTest, ContinuationWithoutLeadIsIllFormed) {
  for (unsigned value = 0x80; value <= 0xBF; ++value) {
    EXPECT_EQ(inspect_text(std::string(1, static_cast<char>(value))), TextState::kNotUtf8);
  }
}

TEST(InspectTextTest, BytesThatNeverStandInUtf8AreIllFormed) {
  for (const unsigned value : {0xC0U, 0xC1U, 0xF5U, 0xF8U, 0xFCU, 0xFEU, 0xFFU}) {
    const std::string text{static_cast<char>(value), '\x80', '\x80', '\x80', '\x80'};
    EXPECT_EQ(inspect_text(text), TextState::kNotUtf8) << std::hex << value;
  }
}

TEST(InspectTextTest, CutSequencesAreIllFormed) {
  for (const std::string& whole : {"ñ"s, "€"s, "😀"s}) {
    for (std::size_t length = 1; length < whole.size(); ++length) {
      const std::string cut = "a" + whole.substr(0, length);
      EXPECT_EQ(inspect_text(cut), TextState::kNotUtf8) << escaped(cut);
      EXPECT_EQ(inspect_text(cut + "bcd"), TextState::kNotUtf8) << escaped(cut);
    }
  }
}

TEST(InspectTextTest, EveryContinuationByteIsChecked) {
  for (const std::string& whole : {"ñ"s, "€"s, "😀"s}) {
    for (std::size_t at = 1; at < whole.size(); ++at) {
      for (const char wrong : {'\x00', '\x7F', '\xC0', '\xFF'}) {
        std::string bad = whole;
        bad[at] = wrong;
        EXPECT_EQ(inspect_text(bad), TextState::kNotUtf8) << escaped(bad);
      }
    }
  }
}

TEST(InspectTextTest, TheFaultThatStandsFirstIsTold) {
  EXPECT_EQ(inspect_text("a\x01\xFF"), TextState::kControl);
  EXPECT_EQ(inspect_text("a\xFF\x01"), TextState::kNotUtf8);
}

TEST(ParseDecimalTest, ReadsDigits) {
  EXPECT_EQ(parse_decimal("0"), 0U);
  EXPECT_EQ(parse_decimal("7574"), 7574U);
  EXPECT_EQ(parse_decimal("4294967295"), 4294967295U);
}

TEST(ParseDecimalTest, LeadingZerosCountForNothing) {
  EXPECT_EQ(parse_decimal("007574"), 7574U);
  EXPECT_EQ(parse_decimal(std::string(1000, '0') + "4294967295"), 4294967295U);
}

TEST(ParseDecimalTest, WhatDoesNotFitIn32BitsIsNoNumber) {
  EXPECT_EQ(parse_decimal("4294967296"), std::nullopt);
  EXPECT_EQ(parse_decimal("004294967296"), std::nullopt);
  EXPECT_EQ(parse_decimal("99999999999"), std::nullopt);
  EXPECT_EQ(parse_decimal("18446744073709551616"), std::nullopt);
  EXPECT_EQ(parse_decimal(std::string(1000, '9')), std::nullopt);
}

TEST(ParseDecimalTest, SignsBlanksAndLettersAreNoNumber) {
  for (const std::string& text :
       {""s, " "s, "+1"s, "-1"s, "-0"s, " 1"s, "1 "s, "1 2"s, "0x10"s, "1e3"s, "1.0"s, "1,000"s,
        "a"s, "1\0"s, "\0"s, "/"s, ":"s, "٣"s}) {
    EXPECT_EQ(parse_decimal(text), std::nullopt) << escaped(text);
  }
}

TEST(IsCalendarDateTest, DaysOfTheCalendarAreDates) {
  for (const char* date : {"1999-03-17", "2000-02-29", "2024-02-29", "1996-02-29", "1900-02-28",
                           "0001-01-01", "9999-12-31", "2001-01-31", "2001-04-30"}) {
    EXPECT_TRUE(is_calendar_date(date)) << date;
  }
}

TEST(IsCalendarDateTest, DaysThatNoCalendarHasAreNoDates) {
  for (const char* date : {"1999-02-30", "1900-02-29", "2100-02-29", "2023-02-29", "2000-02-30",
                           "2001-04-31", "2001-06-31", "2001-09-31", "2001-11-31", "2001-01-32",
                           "2001-01-00", "2001-00-10", "2001-13-10", "2001-99-99", "0000-01-01"}) {
    EXPECT_FALSE(is_calendar_date(date)) << date;
  }
}

TEST(IsCalendarDateTest, EveryMonthEndsOnItsLastDay) {
  const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};  // of the year 2000
  const auto two_digits = [](int value) {
    return std::string{static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
  };
  for (int month = 1; month <= 12; ++month) {
    for (int day = 0; day <= 99; ++day) {
      const std::string date = "2000-" + two_digits(month) + "-" + two_digits(day);
      EXPECT_EQ(is_calendar_date(date), day >= 1 && day <= lengths[month - 1]) << date;
    }
  }
}

TEST(IsCalendarDateTest, OnlyOneFormIsADate) {
  for (const std::string& text :
       {""s, "1999-3-17"s, "99-03-17"s, "1999/03/17"s, "17-03-1999"s, "19990317"s, "1999-03-17 "s,
        " 1999-03-17"s, "1999-03-171"s, "01999-03-17"s, "1999-03-1"s, "1999-0a-17"s, "1999--3-17"s,
        "+999-03-17"s, "-999-03-17"s, "1999-03- 7"s, "1999-03-17\0"s, "1999-03\x00-17"s}) {
    EXPECT_FALSE(is_calendar_date(text)) << escaped(text);
  }
}

TEST(EscapedTest, CleanTextStaysAsItIs) { EXPECT_EQ(escaped("Tiago Nicolás"), "Tiago Nicolás"); }

TEST(EscapedTest, ControlCharactersAreShownInHexadecimal) {
  EXPECT_EQ(escaped("a\nb\x7F" + "\0"s), "a\\x0Ab\\x7F\\x00");
  EXPECT_EQ(escaped("\xC2\x85"), "\\xC2\\x85");
}

TEST(EscapedTest, IllFormedBytesAreShownInHexadecimal) {
  EXPECT_EQ(escaped("\xFF"
                    "a\xC3"),
            "\\xFF"
            "a\\xC3");
}

TEST(EscapedTest, QuotesAndBackslashesAreEscaped) {
  EXPECT_EQ(escaped("say \"\\x41\""), "say \\\"\\\\x41\\\"");
}

TEST(EscapedTest, LongTextIsCutBetweenCharacters) {
  EXPECT_EQ(escaped("abc", 3), "abc");
  EXPECT_EQ(escaped("abcd", 3), "abc...");
  EXPECT_EQ(escaped("añb", 2), "a...");
  EXPECT_EQ(escaped(std::string(65, 'x')), std::string(64, 'x') + "...");
}

TEST(EscapedTest, WhatIsEscapedIsAlwaysClean) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      ASSERT_EQ(inspect_text(escaped(text)), TextState::kClean) << first << ' ' << second;
    }
  }
}

}  // namespace
}  // namespace sorteo
