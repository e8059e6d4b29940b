#include "tests/support/version2_answers.hpp"

#include "core/message.hpp"

namespace sorteo::test {
namespace {

bool is(const Reply& reply, MessageType type) {
  return reply.envelope == Reply::Envelope::kMessage &&
         reply.type == static_cast<std::uint8_t>(type);
}

}  // namespace

std::optional<v2::Error> error_in(const Reply& reply) {
  return is(reply, MessageType::kError) ? v2::decode_error(as_bytes(reply.payload)) : std::nullopt;
}

std::optional<v2::Welcome> welcome_in(const Reply& reply) {
  return is(reply, MessageType::kWelcome) ? v2::decode_welcome(as_bytes(reply.payload))
                                          : std::nullopt;
}

std::optional<v2::ReceiptMessage> receipt_in(const Reply& reply) {
  return is(reply, MessageType::kReceipt) ? v2::decode_receipt(as_bytes(reply.payload))
                                          : std::nullopt;
}

SessionId session_of(unsigned byte) {
  SessionId session;
  session.bytes.fill(static_cast<std::byte>(byte));
  return session;
}

std::string once_batch_bytes(std::uint32_t agency, const SessionId& session, std::uint64_t sequence,
                             std::string_view packets) {
  std::string bytes;
  v2::append_once_batch_header(bytes, agency, session, sequence);
  bytes += packets;
  return bytes;
}

}  // namespace sorteo::test
