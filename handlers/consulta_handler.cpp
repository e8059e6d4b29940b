#include "handlers/consulta_handler.hpp"

#include "handlers/admission.hpp"

#include <concepts>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace sorteo {
namespace {

constexpr std::string_view kAction = "consulta_ganadores";
constexpr std::size_t kAgencyBytes = 4;

void refuse(std::size_t bytes, const Peer& peer, Log& log, Responder responder) {
  const std::string reason = "a Consulta holds an agency in 4 bytes, not " + std::to_string(bytes);
  write_line(log, LogLevel::kWarning, [&] {
    return LogLine(kAction, "fail").with("error", reason).with("ip", peer.address);
  });
  responder.send(error_reply(reason));
}

Reply winners_or_wait(std::uint32_t agency, Draw& draw, Log& log) {
  draw.agency_finished(agency);
  if (const auto winners = draw.winners_of(agency)) {
    Reply reply = winners_reply(*winners);
    write_line(log, LogLevel::kInfo,
               [&] { return LogLine(kAction, "success").with("cant_ganadores", winners->size()); });
    return reply;
  }
  write_line(log, LogLevel::kInfo,
             [&] { return LogLine(kAction, "in_progress").with("agencia", agency); });
  return wait_reply();
}

void put_off(std::uint32_t agency, std::invocable auto why, Log& log,
             Responder responder) noexcept {
  write_line(log, LogLevel::kWarning,
             [&] { return LogLine(kAction, "fail").with("agencia", agency).with("error", why()); });
  responder.send(wait_reply());
}

// The finish of `agency` is recorded. Does not throw, because the store's callbacks must not: when
// memory runs out the agency has to ask again.
void answer(std::uint32_t agency, Draw& draw, Log& log, Responder responder) noexcept {
  try {
    responder.send(winners_or_wait(agency, draw, log));
  } catch (const std::exception& error) {
    put_off(
        agency, [&] { return error.what(); }, log, std::move(responder));
  }
}

}  // namespace

void ConsultaHandler::handle(const Request& request, Responder responder) {
  const ByteView payload = request.message.payload;
  if (payload.size() != kAgencyBytes) {
    refuse(payload.size(), request.peer, log_, std::move(responder));
    return;
  }
  const std::uint32_t agency = load_u32(payload.data());
  if (!is_admitted(request, agency, kAction, gate_, log_, responder)) {
    return;
  }
  if (draw_.has_finished(agency)) {
    answer(agency, draw_, log_, std::move(responder));
    return;
  }
  store_.record_finish(
      agency, [agency, &draw = draw_, &log = log_,
               responder = std::move(responder)](boost::system::error_code error) mutable noexcept {
        if (error) {
          put_off(
              agency, [&] { return error.message(); }, log, std::move(responder));
        } else {
          answer(agency, draw, log, std::move(responder));
        }
      });
}

}  // namespace sorteo
