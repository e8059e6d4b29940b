#include "handlers/version2_refusal.hpp"

#include "core/version2_reply.hpp"

namespace sorteo {

void refuse(const Request& request, v2::ErrorCode code, std::string_view action,
            std::string_view sentence, Log& log, Responder responder) {
  write_line(log, LogLevel::kWarning, [&] {
    return LogLine(action, "fail").with("error", sentence).with("ip", request.peer.address);
  });
  responder.send(v2::error_reply(code, request.message.type, sentence));
}

v2::Error store_error(boost::system::error_code error, std::uint8_t request) {
  return v2::make_error(v2::code_of(error), request, error.message());
}

}  // namespace sorteo
