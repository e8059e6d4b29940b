#pragma once

#include <cstdint>
#include <string_view>

#include "core/message.hpp"
#include "core/reply.hpp"
#include "core/version2_error.hpp"

/// The answers of version 2 that are not about bets (docs/protocol.md, "Errors as data" and
/// "GoAway").
namespace sorteo::v2 {

/// A Message of `type`, which holds `payload`.
Reply message_reply(MessageType type, ReplyPayload payload);

/// The Error `error`.
Reply error_reply(const Error& error);

/// The Error of `code` for a request of type `request`; see make_error().
Reply error_reply(ErrorCode code, std::uint8_t request, std::string_view sentence);

/// The goodbye of a server that stops.
Reply go_away_reply(const GoAway& go_away);

}  // namespace sorteo::v2

namespace sorteo {

/// The server failed at a request of type `request`: the Error INTERNAL where version 2 answers,
/// and else the Packet `ERROR INTERNAL\n`. Needs no memory that there may not be.
Reply internal_reply(std::uint8_t request) noexcept;

}  // namespace sorteo
