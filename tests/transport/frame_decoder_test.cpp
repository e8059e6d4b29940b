#include "transport/frame_decoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/protocol_vectors.hpp"

namespace sorteo {
namespace {

using test::from_hex;
using test::kRequestVectors;
using test::RequestVector;

constexpr std::size_t kLimit = 1000;

struct Frame {
  unsigned type;
  std::string payload;

  friend bool operator==(const Frame&, const Frame&) = default;
};

struct Decoded {
  std::vector<Frame> frames;
  std::optional<FrameFault> fault;

  friend bool operator==(const Decoded&, const Decoded&) = default;
};

void take_frames(FrameDecoder& decoder, Decoded& to) {
  for (;;) {
    const auto frame = decoder.next();
    if (frame.has_error()) {
      to.fault = frame.error();
      return;
    }
    if (!frame->has_value()) {
      return;
    }
    to.frames.push_back({(*frame)->type, std::string(as_text((*frame)->payload))});
  }
}

void feed(FrameDecoder& decoder, std::string_view bytes, Decoded& to) {
  while (!bytes.empty() && !to.fault) {
    const auto room = decoder.prepare();
    const std::size_t count = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), count);
    decoder.commit(count);
    bytes.remove_prefix(count);
    take_frames(decoder, to);
  }
}

Decoded decode(std::string_view bytes, std::size_t limit = kLimit) {
  FrameDecoder decoder(limit);
  Decoded decoded;
  feed(decoder, bytes, decoded);
  return decoded;
}

std::string header(std::uint8_t type, std::uint32_t length) {
  std::string bytes;
  if (type != 0) {
    append_u8(bytes, type);
  }
  append_u32(bytes, length);
  return bytes;
}

std::string message(std::uint8_t type, std::string_view payload) {
  return header(type, static_cast<std::uint32_t>(payload.size())) + std::string(payload);
}

std::string packet(std::string_view payload) { return message(0, payload); }

Frame expected(const RequestVector& vector) {
  return {vector.type, from_hex(vector.hex).substr(vector.header)};
}

Decoded fault(TransportError code, unsigned byte, std::uint32_t length) {
  return {{}, FrameFault{code, byte, length}};
}

class FrameDecoderVectorTest : public testing::TestWithParam<RequestVector> {};

TEST_P(FrameDecoderVectorTest, IsRecognised) {
  EXPECT_EQ(decode(from_hex(GetParam().hex)), (Decoded{{expected(GetParam())}, {}}));
}

TEST_P(FrameDecoderVectorTest, CutAtEveryByteIsNoFrameUntilTheRestComes) {
  const std::string bytes = from_hex(GetParam().hex);
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    FrameDecoder decoder(kLimit);
    Decoded decoded;
    feed(decoder, std::string_view(bytes).substr(0, cut), decoded);
    ASSERT_EQ(decoded, Decoded{}) << "cut at " << cut;
    ASSERT_EQ(decoder.buffered(), cut);
    feed(decoder, std::string_view(bytes).substr(cut), decoded);
    ASSERT_EQ(decoded, (Decoded{{expected(GetParam())}, {}})) << "cut at " << cut;
    ASSERT_EQ(decoder.buffered(), 0U);
  }
}

TEST_P(FrameDecoderVectorTest, ByteByByteIsTheSame) {
  FrameDecoder decoder(kLimit);
  Decoded decoded;
  for (const char byte : from_hex(GetParam().hex)) {
    feed(decoder, {&byte, 1}, decoded);
  }
  EXPECT_EQ(decoded, (Decoded{{expected(GetParam())}, {}}));
}

INSTANTIATE_TEST_SUITE_P(Version1, FrameDecoderVectorTest, testing::ValuesIn(kRequestVectors),
                         [](const auto& vector) {
                           return "Vector" + std::to_string(vector.index);
                         });

TEST(FrameDecoderTest, ManyFramesOfAllGenerationsInOneRead) {
  std::string bytes;
  Decoded all;
  for (const RequestVector& vector : kRequestVectors) {
    bytes += from_hex(vector.hex);
    all.frames.push_back(expected(vector));
  }
  EXPECT_EQ(decode(bytes), all);
}

TEST(FrameDecoderTest, FramesAreViewsIntoTheBuffer) {
  FrameDecoder decoder(kLimit);
  const std::string bytes = message(1, "payload") + message(2, "next");
  const auto room = decoder.prepare();
  std::memcpy(room.data(), bytes.data(), bytes.size());
  decoder.commit(bytes.size());
  const Message first = **decoder.next();
  const Message second = **decoder.next();
  EXPECT_EQ(first.payload.data(), room.data() + 5);
  EXPECT_EQ(as_text(first.payload), "payload");
  EXPECT_EQ(as_text(second.payload), "next");
}

TEST(FrameDecoderTest, EveryTypeByteOfAMessage) {
  for (unsigned type = 1; type <= 0xFF; ++type) {
    EXPECT_EQ(decode(message(static_cast<std::uint8_t>(type), "p")), (Decoded{{{type, "p"}}, {}}));
  }
}

TEST(FrameDecoderTest, EveryFirstByteOfAPacket) {
  for (unsigned first = 0; first <= 0xFF; ++first) {
    const std::string payload{static_cast<char>(first), 'x'};
    const auto decoded = decode(packet(payload));
    if (first > 5) {
      EXPECT_EQ(decoded, fault(TransportError::kUnrecognisedPacket, first, 2));
    } else {
      EXPECT_EQ(decoded, (Decoded{{{first == 0 ? 1U : 0U, payload}}, {}}));
    }
  }
}

TEST(FrameDecoderTest, EmptyMessage) {
  EXPECT_EQ(decode(message(2, "")), (Decoded{{{2, ""}}, {}}));
}

TEST(FrameDecoderTest, EmptyPacketIsUnrecognised) {
  EXPECT_EQ(decode(packet("")), fault(TransportError::kUnrecognisedPacket, 0, 0));
}

TEST(FrameDecoderTest, UnrecognisedPacketIsRefusedAtItsFirstPayloadByte) {
  EXPECT_EQ(decode(header(0, 100) + '\x06'), fault(TransportError::kUnrecognisedPacket, 6, 100));
}

TEST(FrameDecoderTest, PayloadAtTheLimitIsTaken) {
  const std::string payload(kLimit, '\x01');
  EXPECT_EQ(decode(message(9, payload)), (Decoded{{{9, payload}}, {}}));
  EXPECT_EQ(decode(packet(payload)), (Decoded{{{0, payload}}, {}}));
}

TEST(FrameDecoderTest, LengthOverTheLimitIsRefusedByTheHeaderAlone) {
  for (const std::uint32_t length : {1001U, 1U << 24, 1U << 31, 0xFFFFFFFFU}) {
    EXPECT_EQ(decode(header(1, length)), fault(TransportError::kFrameTooLong, 1, length));
  }
  for (const std::uint32_t length : {1001U, (1U << 24) - 1}) {
    EXPECT_EQ(decode(header(0, length)), fault(TransportError::kFrameTooLong, 0, length));
  }
}

TEST(FrameDecoderTest, LengthOverTheLimitTakesNoMemory) {
  FrameDecoder decoder(kLimit);
  Decoded decoded;
  feed(decoder, header(1, 0xFFFFFFFF), decoded);
  EXPECT_LE(decoder.capacity(), ReceiveBuffer::kSmallBytes);
}

TEST(FrameDecoderTest, AnnouncedLengthTakesNoMemoryBeforeItsBytes) {
  FrameDecoder decoder(1 << 20);
  Decoded decoded;
  feed(decoder, header(1, 1 << 20), decoded);
  decoder.prepare();
  EXPECT_LE(decoder.capacity(), ReceiveBuffer::kSmallBytes);
}

TEST(FrameDecoderTest, FramesBeforeAFaultAreGivenOut) {
  const auto decoded = decode(message(1, "good") + header(1, 5000) + message(1, "never"));
  EXPECT_EQ(decoded, (Decoded{{{1, "good"}}, FrameFault{TransportError::kFrameTooLong, 1, 5000}}));
}

TEST(FrameDecoderTest, FaultStays) {
  FrameDecoder decoder(kLimit);
  Decoded decoded;
  feed(decoder, header(1, 5000), decoded);
  EXPECT_EQ(decoder.next().error(), *decoded.fault);
  EXPECT_EQ(decoder.next().error(), *decoded.fault);
}

TEST(FrameDecoderTest, LimitOfZeroTakesEmptyMessages) {
  EXPECT_EQ(decode(message(2, ""), 0), (Decoded{{{2, ""}}, {}}));
  EXPECT_EQ(decode(header(2, 1), 0), fault(TransportError::kFrameTooLong, 2, 1));
}

TEST(FrameDecoderTest, BufferTakesWhatTheLargestFrameNeedsAndGoesBack) {
  FrameDecoder decoder(1 << 20);
  Decoded decoded;
  feed(decoder, message(1, std::string(100'000, 'x')), decoded);
  EXPECT_LT(decoder.capacity(), 100'005 + ReceiveBuffer::kSmallBytes);
  decoder.release();
  EXPECT_EQ(decoder.capacity(), 0U);
  feed(decoder, message(2, "small"), decoded);
  EXPECT_LE(decoder.capacity(), ReceiveBuffer::kSmallBytes);
  EXPECT_EQ(decoded.frames.back(), (Frame{2, "small"}));
}

// Any split of a stream gives the frames, and the fault, that the whole gives.
TEST(FrameDecoderTest, AnySplitGivesTheSame) {
  std::mt19937 random(20240517);
  const auto below = [&](std::size_t n) { return random() % n; };
  for (int round = 0; round < 300; ++round) {
    std::string stream;
    Decoded whole;
    for (std::size_t frames = 1 + below(20); frames > 0; --frames) {
      const bool is_packet = below(3) == 0;
      std::string payload(is_packet ? 1 + below(9000) : below(9000), '\0');
      std::generate(payload.begin(), payload.end(), [&] { return static_cast<char>(random()); });
      unsigned type = 1 + static_cast<unsigned>(below(255));
      if (is_packet) {
        payload[0] = static_cast<char>(below(6));
        type = payload[0] == 0 ? 1 : 0;
      }
      stream += message(is_packet ? std::uint8_t{0} : static_cast<std::uint8_t>(type), payload);
      whole.frames.push_back({type, payload});
    }
    if (below(2) == 0) {
      stream += header(7, 20'000) + "and more";
      whole.fault = FrameFault{TransportError::kFrameTooLong, 7, 20'000};
    }
    FrameDecoder decoder(9000);
    Decoded split;
    const std::size_t piece = 1 + below(round % 3 == 0 ? 4 : 20'000);
    for (std::size_t at = 0; at < stream.size();) {
      const std::size_t count = std::min(1 + below(piece), stream.size() - at);
      feed(decoder, std::string_view(stream).substr(at, count), split);
      at += count;
    }
    ASSERT_EQ(split, whole) << "round " << round;
  }
}

// Bytes from nowhere: never more memory than the limit asks for, and always an end.
TEST(FrameDecoderTest, GarbageTakesBoundedMemory) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    FrameDecoder decoder(kLimit);
    Decoded decoded;
    std::string bytes(random() % 3000, '\0');
    std::generate(bytes.begin(), bytes.end(),
                  [&] { return static_cast<char>(random() % 3 == 0 ? random() : 0); });
    feed(decoder, bytes, decoded);
    ASSERT_LE(decoder.capacity(), ReceiveBuffer::kSmallBytes);
    for (const Frame& frame : decoded.frames) {
      ASSERT_LE(frame.payload.size(), kLimit);
    }
  }
}

}  // namespace
}  // namespace sorteo
