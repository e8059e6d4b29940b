#include "client_sdk/answer_reader.hpp"

#include <utility>

#include "core/message.hpp"
#include "core/reply.hpp"
#include "core/text.hpp"

namespace sorteo::client {
namespace {

constexpr std::uint8_t kPacket = 0;  // where a Message has its type, a Packet has a 0
constexpr std::uint8_t kWinner = static_cast<std::uint8_t>(MessageType::kRespuestaWinner);
constexpr std::uint8_t kWait = static_cast<std::uint8_t>(MessageType::kRespuestaWait);

constexpr std::size_t kTypeBytes = 1;
constexpr std::size_t kLengthBytes = sizeof(std::uint32_t);

// The longest payload of an answer of `type`; nothing when there is no such answer.
std::optional<std::size_t> limit_of(std::uint8_t type) noexcept {
  switch (type) {
    case kPacket:
      return AnswerReader::kMaxPacketBytes;
    case kWinner:
      return AnswerReader::kMaxWinnersBytes;
    case kWait:
      return 0;
    default:
      return std::nullopt;
  }
}

boost::system::result<Answer, AnswerFault> open_packet(ByteView payload) {
  constexpr std::size_t kLongestShown = 40;
  auto parsed = parse_batch_answer(payload);
  if (!parsed) {
    return AnswerFault{"neither OK nor ERROR but \"" + escaped(as_text(payload), kLongestShown) +
                       '"'};
  }
  if (parsed->stored) {
    return Answer{Answer::Kind::kStored, {}, {}};
  }
  return Answer{Answer::Kind::kRefused, harmless(parsed->reason), {}};
}

boost::system::result<Answer, AnswerFault> open_winners(ByteView payload) {
  auto winners = parse_winners(payload);
  if (!winners) {
    return AnswerFault{"a list of winners of " + std::to_string(payload.size()) +
                       " bytes, no multiple of 4"};
  }
  return Answer{Answer::Kind::kWinners, {}, std::move(*winners)};
}

boost::system::result<Answer, AnswerFault> open(std::uint8_t type, ByteView payload) {
  if (type == kPacket) {
    return open_packet(payload);
  }
  return type == kWinner ? open_winners(payload) : Answer{Answer::Kind::kWait, {}, {}};
}

}  // namespace

void AnswerReader::feed(ByteView bytes) {
  buffer_.erase(0, read_);
  read_ = 0;
  buffer_.append(as_text(bytes));
}

boost::system::result<std::optional<Answer>, AnswerFault> AnswerReader::next() {
  const ByteView unread = as_bytes(buffer_).subspan(read_);
  if (unread.empty()) {
    return std::optional<Answer>();
  }
  const auto type = std::to_integer<std::uint8_t>(unread[0]);
  const auto limit = limit_of(type);
  if (!limit) {
    return AnswerFault{"an answer of the unknown type " + std::to_string(type)};
  }
  const std::size_t header = kLengthBytes + (type == kPacket ? 0 : kTypeBytes);
  if (unread.size() < header) {
    return std::optional<Answer>();
  }
  const std::size_t length = load_u32(unread.data() + header - kLengthBytes);
  if (length > *limit) {
    return AnswerFault{"an answer of " + std::to_string(length) + " bytes, over its limit of " +
                       std::to_string(*limit)};
  }
  if (unread.size() - header < length) {
    return std::optional<Answer>();
  }
  auto answer = open(type, unread.subspan(header, length));
  if (answer.has_error()) {
    return std::move(answer).error();
  }
  read_ += header + length;
  return std::optional(std::move(*answer));
}

}  // namespace sorteo::client
