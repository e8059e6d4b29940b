#include "transport/frame_decoder.hpp"

namespace sorteo {
namespace {

constexpr unsigned kLastBetTag = 5;

// A record of TLS that holds a handshake begins with 22, 3 (RFC 8446, 5.1). As a Message it would
// have more than 48 MiB, which is over every limit.
constexpr bool is_tls_hello(unsigned type, std::uint32_t length) noexcept {
  return type == 22 && length >> 24 == 3;
}

}  // namespace

boost::system::result<std::optional<Message>, FrameFault> FrameDecoder::next() noexcept {
  const ByteView held = buffer_.held();
  if (held.empty()) {
    wanted_ = 0;
    return std::nullopt;
  }
  auto type = std::to_integer<std::uint8_t>(held[0]);
  const bool is_packet = type == 0;  // the high byte of a Packet's length; no Message's type is 0
  const std::size_t header = is_packet ? kPacketHeaderBytes : kMessageHeaderBytes;
  if (held.size() < header) {
    wanted_ = header;
    return std::nullopt;
  }
  const std::uint32_t length = load_u32(held.data() + header - sizeof length);
  if (length > max_payload_) {
    return FrameFault{is_tls_hello(type, length) ? TransportError::kTlsOnPlainPort
                                                 : TransportError::kFrameTooLong,
                      type, length};
  }
  if (is_packet) {
    if (length == 0) {
      return FrameFault{TransportError::kUnrecognisedPacket, 0, 0};
    }
    if (held.size() > header) {
      const auto first = std::to_integer<unsigned>(held[header]);
      if (first > kLastBetTag) {
        return FrameFault{TransportError::kUnrecognisedPacket, first, length};
      }
      type = static_cast<std::uint8_t>(first == 0 ? MessageType::kBatchBet : MessageType::kBet);
    }
  }
  wanted_ = header + length;
  if (held.size() < wanted_) {
    return std::nullopt;
  }
  buffer_.consume(wanted_);
  wanted_ = 0;
  return Message{type, held.subspan(header, length)};
}

void FrameDecoder::release() noexcept {
  buffer_.release();
  wanted_ = 0;
}

}  // namespace sorteo
