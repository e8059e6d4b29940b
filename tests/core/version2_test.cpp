#include "core/version2.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/payload_reader.hpp"
#include "core/store_error.hpp"
#include "core/version2_reply.hpp"
#include "tests/support/version2_recode.hpp"

namespace sorteo::v2 {
namespace {

using namespace std::string_literals;

SessionId session() {
  SessionId session;
  session.bytes.fill(std::byte{0xA5});
  return session;
}

const Hello kHello{.least_version = 2,
                   .most_version = 3,
                   .agency = 7,
                   .session = session(),
                   .features = kGoAwayFeature};

TEST(Version2HelloTest, ReadsWhatItWrites) {
  EXPECT_EQ(decode_hello(as_bytes(encode(kHello))), kHello);
}

TEST(Version2HelloTest, UnknownFieldsArePassedOver) {
  std::string bytes = encode(kHello);
  append_field(bytes, 7, "a feature of a later version");
  append_field(bytes, 200, std::string(60'000, 'x'));
  EXPECT_EQ(decode_hello(as_bytes(bytes)), kHello);
}

TEST(Version2HelloTest, AnotherMagicIsNoHello) {
  std::string bytes = encode(kHello);
  bytes[5] = 'o';
  EXPECT_EQ(decode_hello(as_bytes(bytes)), std::nullopt);
}

TEST(Version2HelloTest, VersionsTheWrongWayRoundAreNoHello) {
  Hello hello = kHello;
  hello.least_version = 4;
  EXPECT_EQ(decode_hello(as_bytes(encode(hello))), std::nullopt);
}

TEST(Version2HelloTest, FieldThatIsCutIsNoHello) {
  const std::string bytes = encode(kHello);
  EXPECT_EQ(decode_hello(as_bytes(bytes + "\x07"s)), std::nullopt);
  EXPECT_EQ(decode_hello(as_bytes(bytes + "\x07\x00"s)), std::nullopt);
  EXPECT_EQ(decode_hello(as_bytes(bytes + "\x07\x00\x02x"s)), std::nullopt);
}

TEST(Version2WelcomeTest, LeavesOutWhatIsNotSaid) {
  const Welcome bare{};
  EXPECT_EQ(encode(bare).size(), 6U + 1 + 1 + 8 + 8);
  EXPECT_EQ(decode_welcome(as_bytes(encode(bare))), bare);
}

TEST(Version2WelcomeTest, ReadsWhatItWrites) {
  const Welcome welcome{.has_finished = true,
                        .is_draw_held = true,
                        .durable = UINT64_MAX,
                        .agency_bets = 1ULL << 40U,
                        .last_refused = UINT64_MAX - 1,
                        .features = kGoAwayFeature,
                        .max_frame_bytes = 1,
                        .max_batch_bytes = 2,
                        .window = UINT32_MAX,
                        .durability = "os",
                        .interval_ms = 3,
                        .server_version = "x"};
  EXPECT_EQ(decode_welcome(as_bytes(encode(welcome))), welcome);
}

TEST(Version2WelcomeTest, FieldsOfAnotherSizeOrALaterVersionSayNothing) {
  std::string bytes = encode(Welcome{});
  append_field(bytes, 16, "abc");
  append_field(bytes, 18, "abcde");
  append_field(bytes, 99, "abcd");
  EXPECT_EQ(decode_welcome(as_bytes(bytes)), Welcome{});
}

TEST(Version2WelcomeTest, TextsAreNoLongerThanALine) {
  std::string bytes = encode(Welcome{});
  append_field(bytes, 19, std::string(5000, 'x'));
  const auto welcome = decode_welcome(as_bytes(bytes));
  ASSERT_TRUE(welcome.has_value());
  EXPECT_EQ(welcome->durability.size(), kMaxTextBytes);
}

TEST(Version2OnceBatchTest, ShowsThePacketsUnchecked) {
  std::string bytes;
  append_once_batch_header(bytes, 7, session(), 9);
  EXPECT_EQ(bytes.size(), kOnceBatchHeaderBytes);
  bytes += "anything";
  const auto batch = decode_once_batch(as_bytes(bytes));
  ASSERT_TRUE(batch.has_value());
  EXPECT_EQ(batch->agency, 7U);
  EXPECT_EQ(batch->session, session());
  EXPECT_EQ(batch->sequence, 9U);
  EXPECT_EQ(as_text(batch->packets), "anything");
}

TEST(Version2OnceBatchTest, SequenceNumbersBeginAtOne) {
  std::string bytes;
  append_once_batch_header(bytes, 7, session(), 0);
  EXPECT_FALSE(decode_once_batch(as_bytes(bytes)).has_value());
}

TEST(Version2ReceiptTest, OutcomeThatNobodyKnowsIsNone) {
  std::string bytes = encode(ReceiptMessage{.sequence = 1, .receipt = {}, .sentence = {}});
  for (const char outcome : {'\0', '\3', '\xff'}) {
    bytes[16] = outcome;
    EXPECT_EQ(decode_receipt(as_bytes(bytes)), std::nullopt);
    EXPECT_EQ(decode_receipt(as_bytes(bytes + "\0\2why"s)), std::nullopt);
  }
}

TEST(Version2ReceiptTest, StoredOneHasNoSentence) {
  const std::string bytes = encode(ReceiptMessage{.sequence = 1, .receipt = {}, .sentence = "no"});
  EXPECT_TRUE(decode_receipt(as_bytes(bytes)).has_value());
  EXPECT_EQ(decode_receipt(as_bytes(bytes + "x")), std::nullopt);
}

TEST(Version2ReceiptTest, SentenceIsCutWhenWrittenAndRefusedWhenRead) {
  ReceiptMessage refusal{.sequence = 1,
                         .receipt = {.outcome = BatchOutcome::kRefused},
                         .sentence = std::string(5000, 'x')};
  const std::string bytes = encode(refusal);
  refusal.sentence.resize(kMaxTextBytes);
  EXPECT_EQ(decode_receipt(as_bytes(bytes)), refusal);
  EXPECT_EQ(decode_receipt(as_bytes(bytes + "x")), std::nullopt);
}

TEST(Version2WinnersTest, HalfADocumentIsNone) {
  const std::string bytes = encode_winners(7574, std::vector<std::uint32_t>{1, 2});
  EXPECT_EQ(decode_winners(as_bytes(bytes)), (Winners{7574, {1, 2}}));
  EXPECT_EQ(decode_winners(as_bytes(encode_winners(0, {}))), (Winners{0, {}}));
  for (const std::size_t length : {0U, 3U, 5U, 7U, 11U}) {
    EXPECT_EQ(decode_winners(as_bytes(bytes).first(length)), std::nullopt) << length;
  }
}

TEST(Version2ErrorTest, ReadsWhatItWrites) {
  Error error = make_error(ErrorCode::kCountMismatch, 0x14, "why");
  error.expected = 1;
  error.stored = 0;
  error.claimed = UINT64_MAX;
  EXPECT_EQ(decode_error(as_bytes(encode(error))), error);
}

TEST(Version2ErrorTest, CodeOfALaterVersionIsRead) {
  std::string bytes = encode(make_error(ErrorCode::kBusy, 0x12, "later"));
  bytes[1] = 77;
  append_field(bytes, 44, "of a later version");
  const auto error = decode_error(as_bytes(bytes));
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(name_of(error->code), "CODE 77");
  EXPECT_TRUE(error->is_repeatable);  // the server says so
  EXPECT_EQ(error->sentence, "later");
}

TEST(Version2ErrorTest, NumberOfAnotherSizeSaysNothing) {
  std::string bytes = encode(make_error(ErrorCode::kSequenceGap, 0x12, ""));
  append_field_u32(bytes, 1, 42);
  const auto error = decode_error(as_bytes(bytes));
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->expected, std::nullopt);
}

TEST(Version2ErrorTest, LongSentenceIsCut) {
  const auto error =
      decode_error(as_bytes(encode(make_error(ErrorCode::kBusy, 0x12, std::string(5000, 'x')))));
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->sentence.size(), kMaxTextBytes);
}

TEST(Version2ErrorTest, EveryErrorOfAStoreHasItsCode) {
  EXPECT_EQ(code_of(StoreError::kFull), ErrorCode::kStorageFull);
  EXPECT_EQ(code_of(StoreError::kFailed), ErrorCode::kStorageFailed);
  EXPECT_EQ(code_of(StoreError::kClosed), ErrorCode::kClosing);
  EXPECT_EQ(code_of(StoreError::kAgencyFinished), ErrorCode::kAgencyFinished);
  EXPECT_EQ(code_of(StoreError::kDrawHeld), ErrorCode::kDrawHeld);
  EXPECT_EQ(code_of(StoreError::kTooLarge), ErrorCode::kTooLarge);
  EXPECT_EQ(code_of(StoreError::kBusy), ErrorCode::kBusy);
  EXPECT_EQ(code_of(StoreError::kConflict), ErrorCode::kConflict);
  EXPECT_EQ(code_of(StoreError::kSequenceGap), ErrorCode::kSequenceGap);
  EXPECT_EQ(code_of(StoreError::kCountMismatch), ErrorCode::kCountMismatch);
  EXPECT_EQ(code_of(StoreError::kDamaged), ErrorCode::kInternal);
  EXPECT_EQ(code_of(make_error_code(boost::system::errc::io_error)), ErrorCode::kInternal);
}

TEST(Version2GoAwayTest, ReadsWhatItWrites) {
  const GoAway go_away{1000, "stopping"};
  EXPECT_EQ(decode_go_away(as_bytes(encode(go_away))), go_away);
  EXPECT_EQ(decode_go_away(as_bytes("\0\0\0"s)), std::nullopt);
}

TEST(Version2ReplyTest, InternalIsInTheFormOfTheRequest) {
  EXPECT_EQ(internal_reply(1), sorteo::error_reply("INTERNAL"));
  const Reply reply = internal_reply(0x12);
  EXPECT_EQ(reply.type, static_cast<std::uint8_t>(MessageType::kError));
  const auto error = decode_error(as_bytes(reply.payload));
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code, ErrorCode::kInternal);
  EXPECT_EQ(error->request, 0x12);
}

// Any bytes: what is read is written so that the same is read again.
TEST(Version2GarbageTest, WhatIsReadMeansTheSameWhenWrittenAgain) {
  std::mt19937 random(20261124);
  int read = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = round % 2 == 0 ? encode(kHello)
                                       : encode(Welcome{.durability = "os", .server_version = "1"});
    bytes.resize(random() % (bytes.size() + 20));
    for (int change = 0; change < 4 && !bytes.empty(); ++change) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    for (const test::Recoder& recoder : test::recoders()) {
      if (const auto once = recoder.recode(as_bytes(bytes))) {
        ASSERT_EQ(recoder.recode(as_bytes(*once)), once);
        ++read;
      }
    }
  }
  EXPECT_GT(read, 1000);
}

}  // namespace
}  // namespace sorteo::v2
