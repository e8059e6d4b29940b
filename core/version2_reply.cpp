#include "core/version2_reply.hpp"

#include <exception>
#include <utility>

namespace sorteo::v2 {

Reply message_reply(MessageType type, ReplyPayload payload) {
  return {Reply::Envelope::kMessage, static_cast<std::uint8_t>(type), std::move(payload)};
}

Reply error_reply(const Error& error) { return message_reply(MessageType::kError, encode(error)); }

Reply error_reply(ErrorCode code, std::uint8_t request, std::string_view sentence) {
  return error_reply(make_error(code, request, sentence));
}

Reply go_away_reply(const GoAway& go_away) {
  return message_reply(MessageType::kGoAway, encode(go_away));
}

}  // namespace sorteo::v2

namespace sorteo {

Reply internal_reply(std::uint8_t request) noexcept {
  if (!is_version2(request)) {
    return error_reply("INTERNAL");  // so short that it needs no memory
  }
  try {
    return v2::error_reply(v2::ErrorCode::kInternal, request,
                           "the server failed, whether it was done is unknown");
  } catch (const std::exception&) {
    return v2::error_reply(v2::ErrorCode::kInternal, request, {});  // as short
  }
}

}  // namespace sorteo
