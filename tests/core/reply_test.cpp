#include "core/reply.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/batch_bytes.hpp"

namespace sorteo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

TEST(ReplyTest, OkIsAPacket) {
  EXPECT_EQ(ok_reply(), (Reply{Reply::Envelope::kPacket, 0, "OK\n"}));
}

TEST(ReplyTest, ErrorIsAPacketWithTheReason) {
  EXPECT_EQ(error_reply("bet 3: birthdate \"1999-02-30\" is not a date"),
            (Reply{Reply::Envelope::kPacket, 0,
                   "ERROR bet 3: birthdate \"1999-02-30\" is not a date\n"}));
}

TEST(ReplyTest, ErrorIsOneLineWhateverTheReason) {
  EXPECT_EQ(error_reply("a\nb\r\nOK\n").payload, "ERROR a b  OK \n");
}

TEST(ReplyTest, WaitIsAnEmptyMessage) {
  EXPECT_EQ(wait_reply(), (Reply{Reply::Envelope::kMessage, 4, ""}));
}

TEST(ReplyTest, WinnersAreAMessageOfDocuments) {
  const std::vector<std::uint32_t> documents = {30904465, 24807259};
  EXPECT_EQ(winners_reply(documents),
            (Reply{Reply::Envelope::kMessage, 3, test::from_hex("01D79091017A875B")}));
  EXPECT_EQ(winners_reply({}), (Reply{Reply::Envelope::kMessage, 3, ""}));
}

TEST(ParseBatchAnswerTest, ReadsWhatTheRepliesSay) {
  EXPECT_EQ(parse_batch_answer(as_bytes(ok_reply().payload)), (BatchAnswer{true, ""}));
  EXPECT_EQ(parse_batch_answer(as_bytes(error_reply("storage full").payload)),
            (BatchAnswer{false, "storage full"}));
  EXPECT_EQ(parse_batch_answer(as_bytes(error_reply("").payload)), (BatchAnswer{false, ""}));
}

TEST(ParseBatchAnswerTest, AnythingElseIsNoAnswer) {
  for (const std::string text : {"", "OK", "OK\r\n", "OK\n\n", "ok\n", " OK\n", "ERROR", "ERROR\n",
                                 "ERROR x", "error x\n", "\n", "HTTP/1.1 200 OK\n"}) {
    EXPECT_EQ(parse_batch_answer(as_bytes(text)), std::nullopt) << text;
  }
}

TEST(ParseWinnersTest, ReadsWhatTheReplySays) {
  const std::vector<std::uint32_t> documents = {0, 1, 30904465, UINT32_MAX};
  EXPECT_THAT(parse_winners(as_bytes(winners_reply(documents).payload)),
              Optional(ElementsAre(0U, 1U, 30904465U, UINT32_MAX)));
  EXPECT_THAT(parse_winners({}), Optional(IsEmpty()));
}

TEST(ParseWinnersTest, HalfADocumentIsNone) {
  const std::string payload(9, '\x01');
  for (const std::size_t length : {1U, 2U, 3U, 5U, 6U, 7U, 9U}) {
    EXPECT_EQ(parse_winners(as_bytes(payload).first(length)), std::nullopt) << length;
  }
}

}  // namespace
}  // namespace sorteo
