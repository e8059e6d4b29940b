#include "apps/cli/bench/answer_stream.hpp"

#include <gmock/gmock.h>

#include <vector>

#include "core/message.hpp"
#include "core/version2.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/fake_version2.hpp"

namespace sorteo::cli {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

std::string receipt(std::uint64_t sequence, bool is_duplicate = false) {
  v2::ReceiptMessage message;
  message.sequence = sequence;
  message.receipt.is_duplicate = is_duplicate;
  message.receipt.bets = 100;
  return test::message_bytes(MessageType::kReceipt, v2::encode(message));
}

Answer stored(std::uint64_t sequence) { return {AnswerKind::kStored, sequence, 100}; }

std::vector<Answer> read_all(AnswerStream& stream, std::string_view bytes) {
  std::vector<Answer> answers;
  stream.feed(as_bytes(bytes));
  for (;;) {  // each turn takes an answer, or is the last
    Answer answer = stream.next();
    if (answer.kind == AnswerKind::kNone) {
      return answers;
    }
    answers.push_back(std::move(answer));
    if (answers.back().kind == AnswerKind::kUnreadable) {
      return answers;
    }
  }
}

Answer only_answer(WireVersion version, std::string_view bytes) {
  AnswerStream stream(version);
  const auto answers = read_all(stream, bytes);
  EXPECT_EQ(answers.size(), 1U);
  return answers.empty() ? Answer{} : answers.front();
}

TEST(AnswerStreamTest, ReadsManyReceiptsAtOnce) {
  AnswerStream stream(WireVersion::k2);
  EXPECT_THAT(read_all(stream, receipt(1) + receipt(2) + receipt(3)),
              ElementsAre(stored(1), stored(2), stored(3)));
}

TEST(AnswerStreamTest, ReadsReceiptsHoweverTheyAreCut) {
  const std::string bytes = receipt(1) + receipt(2) + receipt(3) + receipt(4);
  for (std::size_t step = 1; step < bytes.size(); ++step) {
    AnswerStream stream(WireVersion::k2);
    std::vector<Answer> answers;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      const std::string part = bytes.substr(at, step);
      const auto more = read_all(stream, part);
      answers.insert(answers.end(), more.begin(), more.end());
    }
    EXPECT_THAT(answers, ElementsAre(stored(1), stored(2), stored(3), stored(4))) << step;
  }
}

TEST(AnswerStreamTest, ReadsPacketsHoweverTheyAreCut) {
  const std::string bytes = test::ok_answer() + test::error_answer("bet 3: no") + test::ok_answer();
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    AnswerStream stream(WireVersion::k1);
    std::vector<AnswerKind> kinds;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      const std::string part = bytes.substr(at, step);
      for (const Answer& answer : read_all(stream, part)) {
        kinds.push_back(answer.kind);
      }
    }
    EXPECT_THAT(kinds, ElementsAre(AnswerKind::kStored, AnswerKind::kRefused, AnswerKind::kStored))
        << step;
  }
}

TEST(AnswerStreamTest, NothingIsReadBeforeItIsWhole) {
  AnswerStream stream(WireVersion::k2);
  const std::string bytes = receipt(1);
  EXPECT_THAT(read_all(stream, std::string_view(bytes).substr(0, bytes.size() - 1)), IsEmpty());
}

TEST(AnswerStreamTest, DuplicateIsTold) {
  EXPECT_EQ(only_answer(WireVersion::k2, receipt(7, true)).kind, AnswerKind::kDuplicate);
}

TEST(AnswerStreamTest, RefusalsGiveTheirReason) {
  v2::ReceiptMessage message;
  message.receipt.outcome = BatchOutcome::kRefused;
  message.code = v2::ErrorCode::kMalformed;
  message.sentence = "bet 1: number is missing";
  const Answer refused =
      only_answer(WireVersion::k2, test::message_bytes(MessageType::kReceipt, v2::encode(message)));
  EXPECT_EQ(refused.kind, AnswerKind::kRefused);
  EXPECT_EQ(refused.reason, "MALFORMED: bet 1: number is missing");

  const Answer busy = only_answer(WireVersion::k2, test::v2_error(v2::ErrorCode::kBusy, 0x12));
  EXPECT_EQ(busy.kind, AnswerKind::kRefused);
  EXPECT_THAT(busy.reason, HasSubstr("BUSY"));

  EXPECT_THAT(only_answer(WireVersion::k1, test::error_answer("bet 2: no date")).reason,
              HasSubstr("bet 2: no date"));
}

TEST(AnswerStreamTest, OtherMessagesAreUnreadable) {
  EXPECT_THAT(only_answer(WireVersion::k2, test::message_bytes(MessageType::kPong, "x")),
              Field(&Answer::reason, "a message of type 25"));
  EXPECT_EQ(only_answer(WireVersion::k2, test::message_bytes(MessageType::kReceipt, "short")).kind,
            AnswerKind::kUnreadable);
  EXPECT_EQ(only_answer(WireVersion::k1, std::string("\0\0\0\3NO\n", 7)).kind,
            AnswerKind::kUnreadable);
}

TEST(AnswerStreamTest, LengthThatNoAnswerHasIsNotWaitedFor) {
  for (std::size_t step : {1U, 9U}) {
    const std::string bytes("\x13\x7F\xFF\xFF\xFF\0\0\0\0", 9);
    AnswerStream stream(WireVersion::k2);
    std::vector<Answer> answers;
    for (std::size_t at = 0; at < bytes.size() && answers.empty(); at += step) {
      const std::string part = bytes.substr(at, step);
      answers = read_all(stream, part);
    }
    EXPECT_THAT(answers, ElementsAre(Field(&Answer::kind, AnswerKind::kUnreadable))) << step;
  }
}

}  // namespace
}  // namespace sorteo::cli
