#include "handlers/consulta_handler.hpp"

#include <optional>
#include <string>
#include <utility>

namespace sorteo {
namespace {

constexpr std::string_view kAction = "consulta_ganadores";
constexpr std::size_t kAgencyBytes = 4;

void write_if_enabled(Log& log, LogLevel level, auto build_line) {
  if (log.enabled(level)) {
    log.write(level, build_line().str());
  }
}

void refuse(std::size_t bytes, const Peer& peer, Log& log, Responder responder) {
  const std::string reason = "a Consulta holds an agency in 4 bytes, not " + std::to_string(bytes);
  write_if_enabled(log, LogLevel::kWarning, [&] {
    return LogLine(kAction, "fail").with("error", reason).with("ip", peer.address);
  });
  responder.send(error_reply(reason));
}

// The finish of `agency` is recorded.
void answer(std::uint32_t agency, Draw& draw, Log& log, Responder responder) {
  draw.agency_finished(agency);
  if (const auto winners = draw.winners_of(agency)) {
    write_if_enabled(log, LogLevel::kInfo, [&] {
      return LogLine(kAction, "success").with("cant_ganadores", winners->size());
    });
    responder.send(winners_reply(*winners));
  } else {
    write_if_enabled(log, LogLevel::kInfo,
                     [&] { return LogLine(kAction, "in_progress").with("agencia", agency); });
    responder.send(wait_reply());
  }
}

void put_off(std::uint32_t agency, boost::system::error_code error, Log& log, Responder responder) {
  write_if_enabled(log, LogLevel::kWarning, [&] {
    return LogLine(kAction, "fail").with("agencia", agency).with("error", error.message());
  });
  responder.send(wait_reply());
}

}  // namespace

void ConsultaHandler::handle(const Request& request, Responder responder) {
  const ByteView payload = request.message.payload;
  if (payload.size() != kAgencyBytes) {
    refuse(payload.size(), request.peer, log_, std::move(responder));
    return;
  }
  const std::uint32_t agency = load_u32(payload.data());
  if (draw_.has_finished(agency)) {
    answer(agency, draw_, log_, std::move(responder));
    return;
  }
  store_.record_finish(agency,
                       [agency, &draw = draw_, &log = log_,
                        responder = std::move(responder)](boost::system::error_code error) mutable {
                         if (error) {
                           put_off(agency, error, log, std::move(responder));
                         } else {
                           answer(agency, draw, log, std::move(responder));
                         }
                       });
}

}  // namespace sorteo
