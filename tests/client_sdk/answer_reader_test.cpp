#include "client_sdk/answer_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace sorteo::client {
namespace {

using namespace std::string_literals;

const Answer kStored{Answer::Kind::kStored, {}, {}};
const Answer kWait{Answer::Kind::kWait, {}, {}};

Answer refused(std::string reason) { return {Answer::Kind::kRefused, std::move(reason), {}}; }
Answer winners(std::vector<std::uint32_t> documents) {
  return {Answer::Kind::kWinners, {}, std::move(documents)};
}

// All answers in `bytes`, which are fed in pieces of `step`.
std::vector<Answer> read_all(std::string_view bytes, std::size_t step) {
  AnswerReader reader;
  std::vector<Answer> answers;
  while (!bytes.empty()) {
    const std::string piece(bytes.substr(0, step));
    bytes.remove_prefix(piece.size());
    reader.feed(as_bytes(piece));
    for (auto next = reader.next(); next->has_value(); next = reader.next()) {
      answers.push_back(**next);
    }
  }
  return answers;
}

// What is wrong with `bytes`; empty when nothing is, or not yet.
std::string fault_of(std::string_view bytes) {
  AnswerReader reader;
  reader.feed(as_bytes(bytes));
  const auto next = reader.next();
  return next.has_error() ? next.error().message : std::string();
}

TEST(AnswerReaderTest, ReadsOk) { EXPECT_EQ(read_all("\0\0\0\3OK\n"s, 100), std::vector{kStored}); }

TEST(AnswerReaderTest, ReadsARefusalWithItsReason) {
  EXPECT_EQ(read_all("\0\0\0\x1f"s + "ERROR bet 3: number \"x\" is bad\n", 100),
            std::vector{refused("bet 3: number \"x\" is bad")});
}

TEST(AnswerReaderTest, ReadsWait) { EXPECT_EQ(read_all("\4\0\0\0\0"s, 100), std::vector{kWait}); }

TEST(AnswerReaderTest, ReadsNoWinners) {
  EXPECT_EQ(read_all("\3\0\0\0\0"s, 100), std::vector{winners({})});
}

TEST(AnswerReaderTest, ReadsTwoWinners) {
  EXPECT_EQ(read_all("\3\0\0\0\x08\x01\xd7\x90\x91\x01\x7a\x87\x5b"s, 100),
            std::vector{winners({30904465, 24807259})});
}

TEST(AnswerReaderTest, ReadsAnswersHoweverTheyAreCut) {
  const std::string bytes =
      "\0\0\0\3OK\n\3\0\0\0\4\0\0\0\7\0\0\0\x08"s + "ERROR x\n" + "\4\0\0\0\0\0\0\0\3OK\n"s;
  const std::vector expected{kStored, winners({7}), refused("x"), kWait, kStored};
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    EXPECT_EQ(read_all(bytes, step), expected) << "in pieces of " << step;
  }
}

TEST(AnswerReaderTest, WaitsForTheRestOfEveryCutAnswer) {
  for (const std::string& whole : {"\0\0\0\3OK\n"s, "\4\0\0\0\0"s, "\3\0\0\0\4\0\0\0\7"s}) {
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
      AnswerReader reader;
      reader.feed(as_bytes(whole).first(cut));
      const auto next = reader.next();
      ASSERT_TRUE(next.has_value()) << next.error().message;
      EXPECT_FALSE(next->has_value()) << "cut at " << cut;
    }
  }
}

TEST(AnswerReaderTest, UnknownTypeIsAFaultAtItsFirstByte) {
  EXPECT_EQ(fault_of("\1"s), "an answer of the unknown type 1");
  EXPECT_EQ(fault_of("HTTP/1.1 400"), "an answer of the unknown type 72");
}

TEST(AnswerReaderTest, PacketThatIsNeitherOkNorErrorIsAFault) {
  EXPECT_EQ(fault_of("\0\0\0\3KO\n"s), "neither OK nor ERROR but \"KO\\x0A\"");
  EXPECT_EQ(fault_of("\0\0\0\0"s), "neither OK nor ERROR but \"\"");
}

TEST(AnswerReaderTest, LengthOverTheLimitIsAFaultBeforeThePayloadComes) {
  EXPECT_EQ(fault_of("\0\1\0\1"s), "an answer of 65537 bytes, over its limit of 65536");
  EXPECT_EQ(fault_of("\3\4\0\0\4"s), "an answer of 67108868 bytes, over its limit of 67108864");
  EXPECT_EQ(fault_of("\3\xff\xff\xff\xff"s),
            "an answer of 4294967295 bytes, over its limit of 67108864");
  EXPECT_EQ(fault_of("\4\0\0\0\1"s), "an answer of 1 bytes, over its limit of 0");
}

TEST(AnswerReaderTest, LengthAtTheLimitIsWaitedFor) {
  EXPECT_EQ(fault_of("\0\1\0\0"s), "");
  EXPECT_EQ(fault_of("\3\4\0\0\0"s), "");
}

TEST(AnswerReaderTest, CutDocumentAmongTheWinnersIsAFault) {
  EXPECT_EQ(fault_of("\3\0\0\0\5"s + "12345"), "a list of winners of 5 bytes, no multiple of 4");
}

TEST(AnswerReaderTest, FaultComesAgainWhateverFollows) {
  AnswerReader reader;
  reader.feed(as_bytes("\x09"));
  EXPECT_TRUE(reader.next().has_error());
  reader.feed(as_bytes("\0\0\0\3OK\n"s));
  EXPECT_TRUE(reader.next().has_error());
}

TEST(AnswerReaderTest, ReasonCannotForgeALine) {
  EXPECT_EQ(read_all("\0\0\0\x0f"s + "ERROR a\naction\n", 100),
            std::vector{refused("a\\x0Aaction")});
}

}  // namespace
}  // namespace sorteo::client
