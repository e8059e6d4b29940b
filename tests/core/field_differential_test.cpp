// What is said of one value of a field, by the fast code and by the reference.

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/batch.hpp"
#include "core/text.hpp"
#include "core/usual_bets.hpp"
#include "tests/core/reference_text.hpp"
#include "tests/support/batch_bytes.hpp"

namespace sorteo {
namespace {

using namespace std::string_literals;
using test::ana;

// The sentence that a batch with this bet is refused with; "good" when it is not refused.
std::string fault_in_batch(const Bet& bet) {
  std::string packets;
  append_packet(packets, bet.view());
  const std::vector<std::byte> copy(as_bytes(packets).begin(), as_bytes(packets).end());
  const auto batch = decode_packets(1, copy);
  ByteView behind(copy);
  ByteView behind_plain(copy);
  EXPECT_EQ(take_usual_bets(behind), take_usual_bets_plainly(behind_plain));
  EXPECT_EQ(behind.size(), behind_plain.size());
  return batch ? "good" : batch.error().detail;
}

std::string expected_fault(const Bet& bet) {
  const auto bad = test::reference::find_bad_field(bet.view());
  return bad ? describe(*bad) : "good";
}

// Holds a bet with `value` in `field` against the reference; returns whether it is good.
bool look_at(std::string Bet::*field, const std::string& value) {
  Bet bet = ana();
  bet.*field = value;
  const std::string expected = expected_fault(bet);
  EXPECT_EQ(fault_in_batch(bet), expected) << escaped(value);
  const auto bad = test::reference::find_bad_field(bet.view());
  EXPECT_EQ(find_bad_field(bet.view()), bad) << escaped(value);
  return expected == "good";
}

// Every text of `length` characters of `alphabet`.
template <typename Visit>
void for_each_text(std::string_view alphabet, std::size_t length, Visit visit) {
  std::vector<std::size_t> digits(length, 0);
  std::string text(length, alphabet[0]);
  while (!testing::Test::HasFailure()) {
    visit(text);
    std::size_t at = 0;
    while (at < length && ++digits[at] == alphabet.size()) {
      digits[at] = 0;
      text[at] = alphabet[0];
      ++at;
    }
    if (at == length) {
      return;
    }
    text[at] = alphabet[digits[at]];
  }
}

// The edges of all ranges that UTF-8 and the control characters have.
constexpr std::string_view kEdges =
    "a\x1F\x20\x7E\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC2\xC3\xC4\xDF\xE0\xED\xEF\xF0\xF4\xF5\xFF";

TEST(FieldDifferentialTest, EveryPairOfBytesInAName) {
  int good = 0;
  for (const std::size_t before : {0U, 15U}) {  // in a block, and across the end of one
    for (int pair = 0; pair < 0x10000; ++pair) {
      std::string name(before, 'x');
      name += static_cast<char>(pair >> 8);
      name += static_cast<char>(pair);
      good += look_at(&Bet::first_name, name) ? 1 : 0;
      ASSERT_FALSE(HasFailure());
    }
  }
  EXPECT_EQ(good, 2 * (95 * 95 + 30 * 64 - 32));  // ASCII, and U+00A0 to U+07FF
}

TEST(FieldDifferentialTest, EveryEdgeOfUtf8InFourBytes) {
  int good = 0;
  for (std::size_t length = 0; length <= 3; ++length) {
    for_each_text(kEdges, length, [&](const std::string& text) {
      good += look_at(&Bet::first_name, "J" + text) ? 1 : 0;
      good += look_at(&Bet::last_name, text + "a") ? 1 : 0;
    });
  }
  for_each_text(kEdges, 4, [&](const std::string& text) {
    ASSERT_EQ(inspect_text(text), test::reference::inspect_text(text)) << escaped(text);
    ASSERT_EQ(inspect_text("José María " + text), test::reference::inspect_text("J" + text))
        << escaped(text);
  });
  EXPECT_GT(good, 500);
}

TEST(FieldDifferentialTest, LongTextsWithOneFault) {
  for (std::size_t length = 1; length <= 300; ++length) {
    for (const std::string& piece : {"\x1F"s, "\x7F"s, "\xC2\x80"s, "\xFF"s, "\xC3"s, "ñ"s, "€"s}) {
      for (std::size_t at = 0; at < length; at += 1 + length / 40) {
        std::string text(length, 'n');
        text.replace(at, 1, piece);
        ASSERT_EQ(inspect_text(text), test::reference::inspect_text(text)) << escaped(text);
      }
    }
  }
}

TEST(FieldDifferentialTest, EveryTextOfDigitsAndTheirNeighbours) {
  for (std::size_t length = 0; length <= 6; ++length) {
    for_each_text("/09:+\xB0", length, [&](const std::string& text) {
      ASSERT_EQ(parse_decimal(text), test::reference::parse_decimal(text)) << escaped(text);
      look_at(&Bet::number, text);
    });
  }
}

TEST(FieldDifferentialTest, EveryByteInTheDigits) {
  for (std::size_t length = 1; length <= 20; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (int value = 0; value < 256; ++value) {
        std::string text(length, '0');
        text[at] = static_cast<char>(value);
        look_at(&Bet::document, text);
        look_at(&Bet::number, text);
        ASSERT_FALSE(HasFailure());
        ASSERT_EQ(parse_decimal(text), test::reference::parse_decimal(text)) << escaped(text);
      }
    }
  }
}

TEST(FieldDifferentialTest, NumbersAroundTheEdges) {
  for (std::uint64_t power = 1; power <= 10'000'000'000'000'000'000U / 10; power *= 10) {
    for (const std::uint64_t base : {power, power * 4, std::uint64_t{UINT32_MAX}}) {
      for (std::uint64_t number = base - 1; number <= base + 1; ++number) {
        const std::string text = std::to_string(number);
        look_at(&Bet::number, text);
        look_at(&Bet::document, "00" + text);
        ASSERT_EQ(parse_decimal(text), test::reference::parse_decimal(text)) << text;
      }
    }
  }
}

std::string date_of(int year, int month, int day) {
  const auto digit = [](int value) { return static_cast<char>('0' + value % 10); };
  return {digit(year / 1000),
          digit(year / 100),
          digit(year / 10),
          digit(year),
          '-',
          digit(month / 10),
          digit(month),
          '-',
          digit(day / 10),
          digit(day)};
}

TEST(FieldDifferentialTest, EveryMonthAndDay) {
  int good = 0;
  for (const int year : {0, 4, 100, 400, 1999, 2000}) {
    for (int month = 0; month <= 99; ++month) {
      for (int day = 0; day <= 99; ++day) {
        good += look_at(&Bet::birthdate, date_of(year, month, day)) ? 1 : 0;
        ASSERT_FALSE(HasFailure());
      }
    }
  }
  EXPECT_EQ(good, 5 * 365 + 3);  // 4, 400 and 2000 are leap years
}

TEST(FieldDifferentialTest, EveryYear) {
  int leap_years = 0;
  for (int year = 0; year <= 9999; ++year) {
    leap_years += look_at(&Bet::birthdate, date_of(year, 2, 29)) ? 1 : 0;
    look_at(&Bet::birthdate, date_of(year, 12, 31));
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_EQ(leap_years, 2424);
}

TEST(FieldDifferentialTest, EveryByteInADate) {
  for (const std::string& date : {"1999-03-17"s, "2000-02-29"s, "2000-02-28"s, "0001-01-01"s}) {
    for (std::size_t at = 0; at < date.size(); ++at) {
      for (int value = 0; value < 256; ++value) {
        std::string text = date;
        text[at] = static_cast<char>(value);
        look_at(&Bet::birthdate, text);
        ASSERT_FALSE(HasFailure());
        ASSERT_EQ(is_calendar_date(text), test::reference::is_calendar_date(text)) << text;
      }
    }
  }
}

}  // namespace
}  // namespace sorteo
