// What decode_bet and decode_batch say of bytes that are no bet and no batch.

#include <gtest/gtest.h>

#include <string>

#include "core/batch.hpp"
#include "tests/support/batch_bytes.hpp"

namespace sorteo {
namespace {

using namespace std::string_literals;
using test::agency_bytes;
using test::ana;
using test::ana_fields;
using test::batch_bytes;
using test::bet_bytes;
using test::field_bytes;
using test::Fields;
using test::packet_bytes;
using test::tiago;

struct Verdict {
  CodecError code;
  std::string message;

  friend bool operator==(const Verdict&, const Verdict&) = default;
  friend void PrintTo(const Verdict& verdict, std::ostream* out) {
    *out << '"' << verdict.message << "\" (" << describe(verdict.code) << ')';
  }
};

constexpr CodecError kNoFault{};

Verdict verdict_on_bet(const std::string& bytes) {
  const auto bet = decode_bet(as_bytes(bytes));
  return bet ? Verdict{kNoFault, "good"} : Verdict{bet.error().code, bet.error().message()};
}

Verdict verdict_on(const std::string& payload) {
  const auto batch = decode_batch(as_bytes(payload));
  return batch ? Verdict{kNoFault, "good"} : Verdict{batch.error().code, batch.error().message()};
}

Fields without(unsigned tag) {
  Fields fields = ana_fields();
  std::erase_if(fields, [tag](const auto& field) { return field.first == tag; });
  return fields;
}

Fields with(unsigned tag, std::string value) {
  Fields fields = ana_fields();
  fields.emplace_back(tag, std::move(value));
  return fields;
}

TEST(DecodeBetTest, EachFieldMustBeThere) {
  const std::string names[] = {"first_name", "last_name", "document", "birthdate", "number"};
  for (unsigned tag = 1; tag <= 5; ++tag) {
    EXPECT_EQ(verdict_on_bet(field_bytes(without(tag))),
              (Verdict{CodecError::kFieldMissing, "bet 1: " + names[tag - 1] + " is missing"}));
  }
}

TEST(DecodeBetTest, BetOfNothingMissesItsFirstField) {
  EXPECT_EQ(verdict_on_bet(""),
            (Verdict{CodecError::kFieldMissing, "bet 1: first_name is missing"}));
}

TEST(DecodeBetTest, NoFieldMayBeGivenTwice) {
  const std::string names[] = {"first_name", "last_name", "document", "birthdate", "number"};
  for (unsigned tag = 1; tag <= 5; ++tag) {
    const std::string same = ana_fields()[tag - 1].second;
    for (const std::string& value : {same, ""s, "other"s}) {
      EXPECT_EQ(verdict_on_bet(field_bytes(with(tag, value))),
                (Verdict{CodecError::kFieldTwice, "bet 1: " + names[tag - 1] + " is given twice"}));
    }
  }
}

TEST(DecodeBetTest, EveryOtherTagIsUnknown) {
  for (unsigned tag = 0; tag <= 255; ++tag) {
    if (tag >= 1 && tag <= 5) {
      continue;
    }
    const Verdict unknown{CodecError::kUnknownField,
                          "bet 1: unknown field tag " + std::to_string(tag)};
    EXPECT_EQ(verdict_on_bet(field_bytes(with(tag, "x"))), unknown);
    EXPECT_EQ(verdict_on_bet(field_bytes(with(tag, ""))), unknown);
  }
}

TEST(DecodeBetTest, UnknownTagIsNamedThoughItsFieldIsCut) {
  EXPECT_EQ(verdict_on_bet("\x09\xFF\xFF"s),
            (Verdict{CodecError::kUnknownField, "bet 1: unknown field tag 9"}));
}

TEST(DecodeBetTest, FieldThatRunsPastTheEndIsNamed) {
  EXPECT_EQ(verdict_on_bet(field_bytes({{1, "Ana"}}) + "\x02\x01\x00Paz"s),
            (Verdict{CodecError::kFieldCut,
                     "bet 1: last_name of 256 bytes runs past the end of its packet, where 3 are "
                     "left"}));
}

TEST(DecodeBetTest, BytesLeftOverAreNoField) {
  EXPECT_EQ(verdict_on_bet(bet_bytes(ana()) + "\n"),
            (Verdict{CodecError::kFieldCut, "bet 1: 1 byte left over after its last field"}));
  EXPECT_EQ(verdict_on_bet(bet_bytes(ana()) + "\r\n"),
            (Verdict{CodecError::kFieldCut, "bet 1: 2 bytes left over after its last field"}));
}

TEST(DecodeBetTest, CutAtEveryByteItIsNoBet) {
  const std::string whole = bet_bytes(ana());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const CodecError code = verdict_on_bet(whole.substr(0, length)).code;
    EXPECT_TRUE(code == CodecError::kFieldCut || code == CodecError::kFieldMissing) << length;
  }
  EXPECT_EQ(verdict_on_bet(whole), (Verdict{kNoFault, "good"}));
}

TEST(DecodeBetTest, ValueThatBreaksItsRuleIsQuoted) {
  Bet bet = ana();
  bet.document = "30.904.465";
  EXPECT_EQ(
      verdict_on_bet(bet_bytes(bet)),
      (Verdict{CodecError::kBadValue, "bet 1: document \"30.904.465\" is not a decimal number"}));
}

TEST(DecodeBatchTest, RefusalNamesTheBetAndTheField) {
  Bet wrong = ana();
  wrong.birthdate = "1999-02-30";
  EXPECT_EQ(verdict_on(batch_bytes(1, {ana(), tiago(), wrong, ana()})),
            (Verdict{CodecError::kBadValue, "bet 3: birthdate \"1999-02-30\" is not a date"}));
}

TEST(DecodeBatchTest, TheFirstFaultIsTold) {
  Bet wrong = ana();
  wrong.number = "";
  Bet worse = ana();
  worse.first_name = "";
  EXPECT_EQ(verdict_on(batch_bytes(1, {ana(), wrong, worse})),
            (Verdict{CodecError::kBadValue, "bet 2: number is empty"}));
}

TEST(DecodeBatchTest, AgencyMustBeThere) {
  for (std::size_t length = 0; length < 4; ++length) {
    const std::string bytes = length == 1 ? " byte" : " bytes";
    EXPECT_EQ(
        verdict_on(std::string(length, '\0')),
        (Verdict{CodecError::kAgencyMissing, "batch: the agency is missing: the payload has " +
                                                 std::to_string(length) + bytes}));
  }
}

TEST(DecodeBatchTest, BytesLeftOverAreNoPacket) {
  EXPECT_EQ(verdict_on(batch_bytes(1, {ana(), tiago()}) + "\n"),
            (Verdict{CodecError::kPacketCut, "batch: 1 byte left over after bet 2"}));
  EXPECT_EQ(verdict_on(agency_bytes(1) + "abc"),
            (Verdict{CodecError::kPacketCut, "batch: 3 bytes left over after the agency"}));
}

TEST(DecodeBatchTest, PacketThatRunsPastTheEndIsToldOfItsBet) {
  const std::string cut = batch_bytes(1, {ana(), ana()});
  EXPECT_EQ(verdict_on(cut.substr(0, cut.size() - 1)),
            (Verdict{CodecError::kPacketCut,
                     "bet 2: its packet of 43 bytes runs past the end of the batch, where 42 are "
                     "left"}));
  EXPECT_EQ(verdict_on(agency_bytes(1) + "\xFF\xFF\xFF\xFF"s + bet_bytes(ana())),
            (Verdict{CodecError::kPacketCut,
                     "bet 1: its packet of 4294967295 bytes runs past the end of the batch, where "
                     "43 are left"}));
}

TEST(DecodeBatchTest, EmptyPacketIsNoBet) {
  EXPECT_EQ(verdict_on(agency_bytes(1) + packet_bytes(bet_bytes(ana())) + packet_bytes("")),
            (Verdict{CodecError::kFieldMissing, "bet 2: first_name is missing"}));
}

TEST(DecodeBatchTest, BytesLeftOverInAPacketAreNoBet) {
  EXPECT_EQ(verdict_on(agency_bytes(1) + packet_bytes(bet_bytes(ana()) + "\n") +
                       packet_bytes(bet_bytes(ana()))),
            (Verdict{CodecError::kFieldCut, "bet 1: 1 byte left over after its last field"}));
}

TEST(DecodeBatchTest, TwoBetsInAPacketAreNoBet) {
  EXPECT_EQ(verdict_on(agency_bytes(1) + packet_bytes(bet_bytes(ana()) + bet_bytes(ana()))),
            (Verdict{CodecError::kFieldTwice, "bet 1: first_name is given twice"}));
}

TEST(DecodeBatchTest, CutAtEveryByteItIsNoBatchUnlessBetweenPackets) {
  const std::vector<Bet> bets = {ana(), tiago(), ana()};
  const std::string whole = batch_bytes(1, bets);
  std::vector<std::size_t> ends = {4};
  for (const Bet& bet : bets) {
    ends.push_back(ends.back() + packet_size(bet.view()));
  }
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    // A copy of just that length, so that a sanitizer sees any read past it.
    const std::string cut = whole.substr(0, length);
    const bool between = std::find(ends.begin(), ends.end(), length) != ends.end();
    EXPECT_EQ(verdict_on(cut).code == kNoFault, between)
        << length << ": " << verdict_on(cut).message;
  }
}

TEST(CodecErrorTest, DescriptionsHoldNothingOfThePeer) {
  EXPECT_EQ(describe(CodecError::kAgencyMissing), "the batch is too short to hold its agency");
  EXPECT_EQ(describe(CodecError::kPacketCut), "a packet runs past the end of the batch");
  EXPECT_EQ(describe(CodecError::kFieldCut), "a field runs past the end of its bet");
  EXPECT_EQ(describe(CodecError::kUnknownField), "unknown field");
  EXPECT_EQ(describe(CodecError::kFieldTwice), "a field is given twice");
  EXPECT_EQ(describe(CodecError::kFieldMissing), "a field is missing");
  EXPECT_EQ(describe(CodecError::kBadValue), "a field's value breaks its rule");
}

}  // namespace
}  // namespace sorteo
