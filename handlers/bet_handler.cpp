#include "handlers/bet_handler.hpp"

#include <string>
#include <utility>

#include "core/batch.hpp"
#include "core/text.hpp"
#include "handlers/admission.hpp"
#include "handlers/append_reply.hpp"
#include "handlers/malformed.hpp"

namespace sorteo {
namespace {

constexpr std::string_view kAction = "apuesta_almacenada";

// Agency programs of generation 5 do not say which agency they are of.
constexpr std::uint32_t kNoAgency = 0;

// What is left of a bet when its bytes have gone.
struct Received {
  std::uint32_t document;
  std::uint32_t number;
};

void log_stored(const Received& received, Log& log) noexcept {
  // One line, at one level: who reads at debug level would see the bet twice.
  const bool debug = log.enabled(LogLevel::kDebug);
  write_line(log, debug ? LogLevel::kDebug : LogLevel::kInfo, [&] {
    LogLine line(kAction, "success");
    if (debug) {
      line.with("dni", received.document);
    } else {
      line.with("dni", "-");
    }
    return line.with("numero", received.number);
  });
}

void log_refused(boost::system::error_code error, Log& log) noexcept {
  write_line(log, LogLevel::kWarning,
             [&] { return LogLine(kAction, "fail").with("error", error.message()); });
}

}  // namespace

void BetHandler::handle(const Request& request, Responder responder) {
  const auto bet = decode_bet(request.message.payload);
  if (bet.has_error()) {
    refuse_malformed(kAction, bet.error(), request.peer, log_, std::move(responder));
    return;
  }
  const Received received{parse_decimal(bet->document).value_or(0),
                          parse_decimal(bet->number).value_or(0)};
  if (!is_admitted(request, kNoAgency, kAction, gate_, log_, responder) ||
      !has_allowance(request, kNoAgency, 1, kAction, gate_, log_, responder)) {
    return;
  }
  std::string packet;
  packet.reserve(packet_size(*bet));
  append_packet(packet, *bet);
  store_.append(Batch(kNoAgency, 1, as_bytes(packet)),
                [&log = log_, received, responder = std::move(responder)](
                    boost::system::error_code error) mutable noexcept {
                  if (error) {
                    log_refused(error, log);
                  } else {
                    log_stored(received, log);
                  }
                  responder.send(append_reply(error));
                });
}

}  // namespace sorteo
