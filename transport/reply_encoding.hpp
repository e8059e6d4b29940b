#pragma once

#include <string>

#include "core/reply.hpp"

namespace sorteo {

/// Appends `reply` in its envelope (docs/protocol.md, "Envelopes"). A payload that the envelope
/// cannot hold (2^24 bytes or more in a Packet, 2^32 in a Message) is a fault of the handler: the
/// peer is answered internal_reply() instead.
void encode_reply(std::string& out, const Reply& reply);

}  // namespace sorteo
