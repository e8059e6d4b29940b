#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "core/message.hpp"
#include "core/small_text.hpp"

namespace sorteo {

/// What a reply says. A Receipt, and what is shorter, costs no allocation.
using ReplyPayload = SmallText<29>;

/// The answer to one request, still without its envelope's bytes.
struct Reply {
  enum class Envelope : std::uint8_t {
    kPacket,   ///< length:u32 payload
    kMessage,  ///< type:u8 length:u32 payload
  };

  Envelope envelope = Envelope::kPacket;
  std::uint8_t type = 0;  ///< of a Message; 0 in a Packet
  ReplyPayload payload;
  /// From this answer on, the peer understands a GoAway (docs/protocol.md, "GoAway").
  bool accepts_go_away = false;

  friend bool operator==(const Reply&, const Reply&) = default;
};

// The answers of version 1 (docs/protocol.md, "Answers").

/// The batch is stored: a Packet that holds `OK\n`.
Reply ok_reply();

/// The request is refused, and nothing of it is stored: a Packet that holds `ERROR <reason>\n`.
/// Line breaks in `reason` become blanks.
Reply error_reply(std::string_view reason);

/// The draw has not been held: RespuestaWait.
Reply wait_reply();

/// The winners of one agency: RespuestaWinner.
Reply winners_reply(std::span<const std::uint32_t> documents);

/// What a Packet that answers a batch says.
struct BatchAnswer {
  bool stored = false;
  std::string reason;  ///< of a refusal; empty when stored

  friend bool operator==(const BatchAnswer&, const BatchAnswer&) = default;
};

/// Reads the payload of a Packet that answers a batch; nothing when it is no answer that
/// docs/protocol.md knows.
[[nodiscard]] std::optional<BatchAnswer> parse_batch_answer(ByteView payload);

/// Reads the payload of a RespuestaWinner; nothing when its length is no multiple of 4.
[[nodiscard]] std::optional<std::vector<std::uint32_t>> parse_winners(ByteView payload);

}  // namespace sorteo
