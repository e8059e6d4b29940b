#include "client_sdk/message_reader.hpp"

#include "core/message.hpp"

namespace sorteo::client {
namespace {

constexpr std::uint8_t kLastOfVersion1 = static_cast<std::uint8_t>(MessageType::kRespuestaWait);

// The longest payload of a message of `type`; nothing when no server sends such.
std::optional<std::size_t> limit_of(std::uint8_t type) noexcept {
  switch (static_cast<MessageType>(type)) {
    case MessageType::kWelcome:
    case MessageType::kReceipt:
    case MessageType::kFinished:
    case MessageType::kPong:
    case MessageType::kError:
    case MessageType::kGoAway:
      return MessageReader::kMaxBytes;
    case MessageType::kWinners:
      return MessageReader::kMaxWinnersBytes;
    default:
      return std::nullopt;
  }
}

}  // namespace

void MessageReader::feed(ByteView bytes) {
  buffer_.erase(0, read_);
  read_ = 0;
  buffer_.append(as_text(bytes));
}

boost::system::result<std::optional<ServerMessage>, MessageFault> MessageReader::next() {
  const ByteView unread = as_bytes(buffer_).subspan(read_);
  if (unread.empty()) {
    return std::optional<ServerMessage>();
  }
  const auto type = std::to_integer<std::uint8_t>(unread[0]);
  const auto limit = limit_of(type);
  if (!limit) {
    // A 0 begins a Packet, in which version 1 answers batches.
    return MessageFault{type <= kLastOfVersion1, "an answer of the type " + std::to_string(type) +
                                                     ", which is not of version 2"};
  }
  if (unread.size() < kMessageHeaderBytes) {
    return std::optional<ServerMessage>();
  }
  const std::size_t length = load_u32(unread.data() + 1);
  if (length > *limit) {
    return MessageFault{false, "an answer of " + std::to_string(length) +
                                   " bytes, over its limit of " + std::to_string(*limit)};
  }
  if (unread.size() - kMessageHeaderBytes < length) {
    return std::optional<ServerMessage>();
  }
  read_ += kMessageHeaderBytes + length;
  return std::optional(ServerMessage{type, unread.subspan(kMessageHeaderBytes, length)});
}

}  // namespace sorteo::client
