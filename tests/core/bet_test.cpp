#include "core/bet.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/batch_bytes.hpp"

namespace sorteo {
namespace {

using namespace std::string_literals;
using test::ana;

// What is said of ana() with one field changed; "good" when nothing is wrong.
std::string with(std::string Bet::*field, std::string value) {
  Bet bet = ana();
  bet.*field = std::move(value);
  const auto bad = find_bad_field(bet.view());
  return bad ? describe(*bad) : "good";
}

TEST(BetTest, ViewShowsTheSameText) {
  const Bet bet = ana();
  EXPECT_EQ(bet.view(), (BetView{"Ana", "Paz", "30904465", "1999-03-17", "7574"}));
  EXPECT_EQ(bet.view().first_name.data(), bet.first_name.data());
}

TEST(BetTest, FieldsAreNamedAsInTheCsv) {
  EXPECT_EQ(name_of(BetField::kFirstName), "first_name");
  EXPECT_EQ(name_of(BetField::kLastName), "last_name");
  EXPECT_EQ(name_of(BetField::kDocument), "document");
  EXPECT_EQ(name_of(BetField::kBirthdate), "birthdate");
  EXPECT_EQ(name_of(BetField::kNumber), "number");
}

TEST(FindBadFieldTest, GoodBetHasNone) {
  EXPECT_EQ(find_bad_field(ana().view()), std::nullopt);
  EXPECT_EQ(find_bad_field(test::tiago().view()), std::nullopt);
}

TEST(FindBadFieldTest, NamesHave1To255Bytes) {
  for (const auto field : {&Bet::first_name, &Bet::last_name}) {
    EXPECT_EQ(with(field, "x"), "good");
    EXPECT_EQ(with(field, std::string(255, 'x')), "good");
    EXPECT_EQ(with(field, std::string(253, 'x') + "ñ"), "good");
  }
  EXPECT_EQ(with(&Bet::first_name, ""), "first_name is empty");
  EXPECT_EQ(with(&Bet::last_name, ""), "last_name is empty");
  EXPECT_EQ(with(&Bet::first_name, std::string(256, 'x')),
            "first_name \"" + std::string(64, 'x') + "...\" is longer than 255 bytes");
  EXPECT_EQ(with(&Bet::last_name, std::string(254, 'x') + "ñ"),
            "last_name \"" + std::string(64, 'x') + "...\" is longer than 255 bytes");
}

TEST(FindBadFieldTest, NamesAreUtf8) {
  EXPECT_EQ(with(&Bet::first_name, "Jos\xE9"), "first_name \"Jos\\xE9\" is not valid UTF-8");
  EXPECT_EQ(with(&Bet::last_name, "Nu\xC3"), "last_name \"Nu\\xC3\" is not valid UTF-8");
}

TEST(FindBadFieldTest, NamesHoldNoControlCharacter) {
  for (unsigned control = 0; control < 0xA0; ++control) {
    if (control >= 0x20 && control < 0x7F) {
      continue;
    }
    const std::string character = control < 0x80 ? std::string(1, static_cast<char>(control))
                                                 : std::string{'\xC2', static_cast<char>(control)};
    for (const auto field : {&Bet::first_name, &Bet::last_name}) {
      const std::string said = with(field, "A" + character + "a");
      EXPECT_TRUE(said.ends_with(" holds a control character")) << control << ": " << said;
    }
  }
}

TEST(FindBadFieldTest, NamesMayHoldWhatNamesHold) {
  for (const char* name :
       {"O'Brien", "Núñez Ibáñez", "Saint-Exupéry", "李", "a,b", "\"Pepe\"", " ", "😀"}) {
    EXPECT_EQ(with(&Bet::first_name, name), "good") << name;
  }
}

TEST(FindBadFieldTest, DocumentAndNumberAreDecimalAndFitIn32Bits) {
  for (const auto field : {&Bet::document, &Bet::number}) {
    EXPECT_EQ(with(field, "0"), "good");
    EXPECT_EQ(with(field, "007574"), "good");
    EXPECT_EQ(with(field, "4294967295"), "good");
    EXPECT_EQ(with(field, "0000000000004294967295"), "good");
  }
  EXPECT_EQ(with(&Bet::document, ""), "document is empty");
  EXPECT_EQ(with(&Bet::number, ""), "number is empty");
  EXPECT_EQ(with(&Bet::document, "4294967296"), "document \"4294967296\" does not fit in 32 bits");
  EXPECT_EQ(with(&Bet::number, "99999999999999999999"),
            "number \"99999999999999999999\" does not fit in 32 bits");
  EXPECT_EQ(with(&Bet::document, "-1"), "document \"-1\" is not a decimal number");
  EXPECT_EQ(with(&Bet::document, "+1"), "document \"+1\" is not a decimal number");
  EXPECT_EQ(with(&Bet::number, " 7574"), "number \" 7574\" is not a decimal number");
  EXPECT_EQ(with(&Bet::number, "7574 "), "number \"7574 \" is not a decimal number");
  EXPECT_EQ(with(&Bet::number, "7.574"), "number \"7.574\" is not a decimal number");
  EXPECT_EQ(with(&Bet::number, "75a4"), "number \"75a4\" is not a decimal number");
  EXPECT_EQ(with(&Bet::number, "٣"), "number \"٣\" is not a decimal number");
  EXPECT_EQ(with(&Bet::number, "7\n"), "number \"7\\x0A\" holds a control character");
  EXPECT_EQ(with(&Bet::document, "7\xFF"), "document \"7\\xFF\" is not valid UTF-8");
}

TEST(FindBadFieldTest, LeadingZerosEndWhereALengthDoes) {
  EXPECT_EQ(with(&Bet::number, std::string(65534, '0') + "1"), "good");
  EXPECT_EQ(with(&Bet::number, std::string(65535, '0') + "1"),
            "number \"" + std::string(64, '0') + "...\" is longer than 65535 bytes");
}

TEST(FindBadFieldTest, BirthdateIsARealDay) {
  EXPECT_EQ(with(&Bet::birthdate, "2000-02-29"), "good");
  EXPECT_EQ(with(&Bet::birthdate, "2024-02-29"), "good");
  EXPECT_EQ(with(&Bet::birthdate, ""), "birthdate is empty");
  EXPECT_EQ(with(&Bet::birthdate, "1999-02-30"), "birthdate \"1999-02-30\" is not a date");
  EXPECT_EQ(with(&Bet::birthdate, "1900-02-29"), "birthdate \"1900-02-29\" is not a date");
  EXPECT_EQ(with(&Bet::birthdate, "0000-01-01"), "birthdate \"0000-01-01\" is not a date");
  EXPECT_EQ(with(&Bet::birthdate, "2001-00-10"), "birthdate \"2001-00-10\" is not a date");
  EXPECT_EQ(with(&Bet::birthdate, "2001-13-10"), "birthdate \"2001-13-10\" is not a date");
  EXPECT_EQ(with(&Bet::birthdate, "17/03/1999"), "birthdate \"17/03/1999\" is not a date");
  EXPECT_EQ(with(&Bet::birthdate, "1999-3-17"), "birthdate \"1999-3-17\" is not a date");
  EXPECT_EQ(with(&Bet::birthdate, "1999-03-17\n"),
            "birthdate \"1999-03-17\\x0A\" holds a control character");
  EXPECT_EQ(with(&Bet::birthdate, "1999-03-\xFF"),
            "birthdate \"1999-03-\\xFF\" is not valid UTF-8");
}

TEST(FindBadFieldTest, TheFirstBadFieldIsNamed) {
  Bet bet = ana();
  bet.last_name = "";
  bet.number = "x";
  EXPECT_EQ(find_bad_field(bet.view()), (BadField{BetField::kLastName, FieldFault::kEmpty, ""}));
}

TEST(FindBadFieldTest, WhatIsQuotedCannotBreakTheSentence) {
  EXPECT_EQ(with(&Bet::number, "7\"; \\ "), "number \"7\\\"; \\\\ \" is not a decimal number");
}

}  // namespace
}  // namespace sorteo
