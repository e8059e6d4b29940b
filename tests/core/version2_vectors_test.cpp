// The examples of docs/protocol.md, "Version 2", against what the program reads and writes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/batch.hpp"
#include "core/version2.hpp"
#include "tests/support/batch_bytes.hpp"
#include "tests/support/version2_recode.hpp"

namespace sorteo {
namespace {

using test::from_hex;
using v2::ErrorCode;

// The hexadecimal digits of a line, which stand before the column of its note.
std::string digits_of(const std::string& line) {
  constexpr std::size_t kNoteColumn = 45;
  std::string digits;
  for (const char c : line.substr(0, kNoteColumn)) {
    digits += c == ' ' ? "" : std::string(1, c);
  }
  return digits;
}

// Every example by its name: its bytes, with the envelope.
std::map<std::string, std::string> documented_examples() {
  constexpr std::string_view kHeading = "#### Example: ";
  std::map<std::string, std::string> examples;
  std::ifstream page(SORTEO_SOURCE_DIR "/docs/protocol.md");
  std::string* bytes = nullptr;
  bool is_fenced = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with(kHeading)) {
      bytes = &examples[line.substr(kHeading.size())];
    } else if (line == "```") {
      is_fenced = !is_fenced;
    } else if (is_fenced && bytes != nullptr) {
      *bytes += from_hex(digits_of(line));
    }
  }
  return examples;
}

SessionId documented_session() {
  SessionId session;
  for (std::size_t at = 0; at < session.bytes.size(); ++at) {
    session.bytes[at] = static_cast<std::byte>(at * 0x11);
  }
  return session;
}

std::string documented_batch() {
  std::string payload;
  v2::append_once_batch_header(payload, 1, documented_session(), 42);
  return payload + test::batch_bytes(1, {test::ana()}).substr(4);
}

v2::Error gap() {
  v2::Error error = v2::make_error(ErrorCode::kSequenceGap, 0x12, "");
  error.expected = 42;
  return error;
}

v2::Error mismatch() {
  v2::Error error =
      v2::make_error(ErrorCode::kCountMismatch, 0x14, "2 bets of agency 1 are stored, not 3");
  error.stored = 2;
  error.claimed = 3;
  return error;
}

v2::Welcome welcome() {
  return {.has_finished = true,
          .durable = 41,
          .agency_bets = 9000,
          .features = v2::kGoAwayFeature,
          .max_frame_bytes = 262'144,
          .max_batch_bytes = 262'116,
          .window = 64,
          .durability = "interval",
          .interval_ms = 100,
          .server_version = "0.1.0"};
}

struct Vector {
  std::string name;
  MessageType type;
  std::string payload;  // as the program writes it
};

std::vector<Vector> vectors() {
  const std::vector<std::uint32_t> documents{30904465, 24807259};
  const v2::ReceiptMessage duplicate{
      .sequence = 42, .receipt = {.is_duplicate = true, .bets = 1, .durable = 43}, .sentence = {}};
  const v2::ReceiptMessage refusal{.sequence = 44,
                                   .receipt = {.outcome = BatchOutcome::kRefused, .durable = 44},
                                   .code = ErrorCode::kMalformed,
                                   .sentence = "bet 1: number is missing"};
  return {
      {"Hello", MessageType::kHello,
       v2::encode(v2::Hello{
           .agency = 1, .session = documented_session(), .features = v2::kGoAwayFeature})},
      {"Welcome", MessageType::kWelcome, v2::encode(welcome())},
      {"OnceBatch", MessageType::kOnceBatch, documented_batch()},
      {"Receipt", MessageType::kReceipt, v2::encode(duplicate)},
      {"Receipt of a refusal", MessageType::kReceipt, v2::encode(refusal)},
      {"Finish", MessageType::kFinish, v2::encode(v2::Finish{1, 3})},
      {"Finished", MessageType::kFinished, v2::encode_finished(3)},
      {"AwaitWinners", MessageType::kAwaitWinners, v2::encode(v2::AwaitWinners{1, 60'000})},
      {"Winners", MessageType::kWinners, v2::encode_winners(7574, documents)},
      {"Ping", MessageType::kPing, "\xCA\xFE"},
      {"Pong", MessageType::kPong, "\xCA\xFE"},
      {"Error", MessageType::kError,
       v2::encode(v2::make_error(ErrorCode::kBusy, 0x12, "too much waits"))},
      {"Error with fields", MessageType::kError, v2::encode(mismatch())},
      {"Error of a gap", MessageType::kError, v2::encode(gap())},
      {"GoAway", MessageType::kGoAway, v2::encode(v2::GoAway{1000, "the server is stopping"})},
  };
}

TEST(Version2VectorsTest, ProgramWritesTheDocumentedBytes) {
  auto documented = documented_examples();
  for (const Vector& vector : vectors()) {
    std::string bytes;
    append_u8(bytes, static_cast<std::uint8_t>(vector.type));
    append_u32(bytes, static_cast<std::uint32_t>(vector.payload.size()));
    bytes += vector.payload;
    EXPECT_EQ(documented[vector.name], bytes) << vector.name;
    documented.erase(vector.name);
  }
  EXPECT_THAT(documented, testing::IsEmpty());
}

TEST(Version2VectorsTest, ProgramReadsTheDocumentedBytes) {
  int read = 0;
  for (const auto& [name, bytes] : documented_examples()) {
    ASSERT_GE(bytes.size(), 5U) << name;
    const std::string payload = bytes.substr(5);
    for (const test::Recoder& recoder : test::recoders()) {
      if (static_cast<char>(recoder.type) == bytes[0]) {
        EXPECT_EQ(recoder.recode(as_bytes(payload)), payload) << name;
        ++read;
      }
    }
  }
  EXPECT_EQ(read, 13);  // all but Ping and Pong
}

TEST(Version2VectorsTest, EveryTypeHasAnExample) {
  std::set<MessageType> types;
  for (const Vector& vector : vectors()) {
    types.insert(vector.type);
  }
  EXPECT_EQ(types.size(), 12U);
}

// A shorter payload is none, or means no more than it holds.
TEST(Version2VectorsTest, PayloadsCutAtEveryLengthAreRefusedOrMeanWhatTheyHold) {
  for (const Vector& vector : vectors()) {
    for (const test::Recoder& recoder : test::recoders()) {
      for (std::size_t length = 0; recoder.type == vector.type && length < vector.payload.size();
           ++length) {
        const std::string cut = vector.payload.substr(0, length);
        const auto again = recoder.recode(as_bytes(cut));
        EXPECT_TRUE(!again || *again == cut) << vector.name << " cut at " << length;
      }
    }
  }
}

}  // namespace
}  // namespace sorteo
