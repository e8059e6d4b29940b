#include "handlers/hello_handler.hpp"

#include <utility>

#include "core/version2.hpp"
#include "core/version2_reply.hpp"
#include "handlers/admission.hpp"
#include "handlers/version2_refusal.hpp"

namespace sorteo {
namespace {

constexpr std::string_view kAction = "hello";

bool has_our_version(const v2::Hello& hello) noexcept {
  return hello.least_version <= v2::kVersion && v2::kVersion <= hello.most_version;
}

void log_welcome(const v2::Hello& hello, const v2::Welcome& welcome, const Peer& peer,
                 Log& log) noexcept {
  write_line(log, LogLevel::kDebug, [&] {
    return LogLine(kAction, "success")
        .with("agencia", hello.agency)
        .with("session", to_hex(hello.session))
        .with("durable", welcome.durable)
        .with("ip", peer.address);
  });
}

}  // namespace

void HelloHandler::handle(const Request& request, Responder responder) {
  const auto hello = v2::decode_hello(request.message.payload);
  if (!hello) {
    refuse(request, v2::ErrorCode::kMalformed, kAction, "this is no Hello", log_,
           std::move(responder));
    return;
  }
  if (!has_our_version(*hello)) {
    refuse(request, v2::ErrorCode::kVersion, kAction,
           "the client speaks versions " + std::to_string(hello->least_version) + " to " +
               std::to_string(hello->most_version) + ", this server speaks " +
               std::to_string(v2::kVersion),
           log_, std::move(responder));
    return;
  }
  if (!is_admitted(request, hello->agency, kAction, gate_, log_, responder)) {
    return;
  }
  const SessionState session = store_.session(hello->agency, hello->session);
  const v2::Welcome welcome{.has_finished = draw_.has_finished(hello->agency),
                            .is_draw_held = draw_.is_recorded(),
                            .durable = session.durable,
                            .agency_bets = session.agency_bets,
                            .last_refused = session.last_refused,
                            .features = hello->features & v2::kGoAwayFeature,
                            .max_frame_bytes = options_.max_frame_bytes,
                            .max_batch_bytes = options_.max_batch_bytes,
                            .window = options_.window,
                            .durability = options_.durability,
                            .interval_ms = options_.interval_ms,
                            .server_version = options_.server_version};
  Reply reply = v2::message_reply(MessageType::kWelcome, v2::encode(welcome));
  reply.accepts_go_away = (welcome.features & v2::kGoAwayFeature) != 0;
  log_welcome(*hello, welcome, request.peer, log_);
  responder.send(std::move(reply));
}

}  // namespace sorteo
