#include "handlers/ping_handler.hpp"

#include <string>
#include <utility>

#include "core/version2.hpp"
#include "core/version2_reply.hpp"
#include "handlers/version2_refusal.hpp"

namespace sorteo {

void PingHandler::handle(const Request& request, Responder responder) {
  const ByteView payload = request.message.payload;
  if (payload.size() > v2::kMaxPingBytes) {
    refuse(request, v2::ErrorCode::kMalformed, "ping",
           "a Ping holds up to " + std::to_string(v2::kMaxPingBytes) + " bytes, not " +
               std::to_string(payload.size()),
           log_, std::move(responder));
    return;
  }
  responder.send(v2::message_reply(MessageType::kPong, std::string(as_text(payload))));
}

}  // namespace sorteo
