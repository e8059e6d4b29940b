#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/batch.hpp"
#include "core/message.hpp"
#include "core/version2.hpp"
#include "tests/apps/server/connection.hpp"
#include "tests/support/batch_bytes.hpp"
#include "tests/support/version2_answers.hpp"

namespace sorteo::test {

/// A client of version 2 that knows bytes only, of one agency and one session. Requests may be sent
/// ahead of the answers.
class Version2Client final {
 public:
  Version2Client(std::uint16_t port, std::uint32_t agency, unsigned session = 1)
      : connection_(port), agency_(agency), session_(session_of(session)) {}

  static std::string message(MessageType type, std::string_view payload) {
    std::string bytes;
    append_u8(bytes, static_cast<std::uint8_t>(type));
    append_u32(bytes, static_cast<std::uint32_t>(payload.size()));
    bytes += payload;
    return bytes;
  }

  void send(std::string_view bytes) const { connection_.send(bytes); }
  void send(MessageType type, std::string_view payload) const { send(message(type, payload)); }
  void send_hello() const {
    send(MessageType::kHello,
         v2::encode(
             v2::Hello{.agency = agency_, .session = session_, .features = v2::kGoAwayFeature}));
  }
  void send_batch(std::uint64_t sequence, const std::vector<Bet>& bets) const {
    send(MessageType::kOnceBatch,
         once_batch_bytes(agency_, session_, sequence, batch_bytes(agency_, bets).substr(4)));
  }
  void send_finish(std::uint64_t bets) const {
    send(MessageType::kFinish, v2::encode(v2::Finish{agency_, bets}));
  }
  void send_await(std::uint32_t wait_ms) const {
    send(MessageType::kAwaitWinners, v2::encode(v2::AwaitWinners{agency_, wait_ms}));
  }

  /// The next answer; a Packet of version 1 has type 0. Nothing when the server ends the stream.
  std::optional<Reply> receive() const {
    const std::string first = connection_.receive(1);
    if (first.empty()) {
      return std::nullopt;
    }
    const bool is_message = first[0] != 0;
    const std::string length = is_message ? connection_.receive(4) : first + connection_.receive(3);
    Reply reply;
    reply.envelope = is_message ? Reply::Envelope::kMessage : Reply::Envelope::kPacket;
    reply.type = static_cast<std::uint8_t>(first[0]);
    if (const std::uint32_t size = load_u32(as_bytes(length).data()); size > 0) {
      reply.payload = connection_.receive(size);
    }
    return reply;
  }

  std::optional<v2::Welcome> receive_welcome() const { return welcome_in(receive().value()); }
  std::optional<v2::ReceiptMessage> receive_receipt() const {
    return receipt_in(receive().value());
  }
  /// The code of the error that comes next; nothing when something else comes.
  std::optional<v2::ErrorCode> receive_error() const {
    const auto error = error_in(receive().value());
    return error ? std::optional(error->code) : std::nullopt;
  }

 private:
  const Connection connection_;
  const std::uint32_t agency_;
  const SessionId session_;
};

}  // namespace sorteo::test
