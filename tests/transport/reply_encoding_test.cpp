#include "transport/reply_encoding.hpp"

#include <gtest/gtest.h>

#include "tests/support/protocol_vectors.hpp"

namespace sorteo {
namespace {

using test::from_hex;

std::string encoded(const Reply& reply) {
  std::string out;
  encode_reply(out, reply);
  return out;
}

TEST(ReplyEncodingTest, Ok) { EXPECT_EQ(encoded(ok_reply()), from_hex(test::kOkAnswer.hex)); }

TEST(ReplyEncodingTest, Wait) { EXPECT_EQ(encoded(wait_reply()), from_hex(test::kWaitAnswer.hex)); }

TEST(ReplyEncodingTest, NoWinners) {
  EXPECT_EQ(encoded(winners_reply({})), from_hex(test::kNoWinnersAnswer.hex));
}

TEST(ReplyEncodingTest, TwoWinners) {
  const std::uint32_t documents[] = {30904465, 24807259};
  EXPECT_EQ(encoded(winners_reply(documents)), from_hex(test::kTwoWinnersAnswer.hex));
}

TEST(ReplyEncodingTest, ErrorIsAPacket) {
  EXPECT_EQ(encoded(error_reply("full")), std::string("\0\0\0\x0b", 4) + "ERROR full\n");
}

TEST(ReplyEncodingTest, AppendsBehindWhatIsThere) {
  std::string out = "before";
  encode_reply(out, ok_reply());
  encode_reply(out, wait_reply());
  EXPECT_EQ(out, "before" + encoded(ok_reply()) + encoded(wait_reply()));
}

TEST(ReplyEncodingTest, LargestPacket) {
  const Reply reply{Reply::Envelope::kPacket, 0, std::string((1 << 24) - 1, 'x')};
  const std::string out = encoded(reply);
  EXPECT_EQ(out.size(), 4 + reply.payload.size());
  EXPECT_EQ(out.substr(0, 4), std::string("\0\xff\xff\xff", 4));
}

TEST(ReplyEncodingTest, PacketThatItsEnvelopeCannotHoldIsInternal) {
  const Reply reply{Reply::Envelope::kPacket, 0, std::string(1 << 24, 'x')};
  EXPECT_EQ(encoded(reply), encoded(error_reply("INTERNAL")));
}

TEST(ReplyEncodingTest, MessageHoldsWhatAPacketCannot) {
  const Reply reply{Reply::Envelope::kMessage, 3, std::string(1 << 24, 'x')};
  EXPECT_EQ(encoded(reply).substr(0, 5), std::string("\x03\x01\0\0\0", 5));
}

}  // namespace
}  // namespace sorteo
