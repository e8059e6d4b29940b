#include "handlers/batch_bet_handler.hpp"

#include <utility>

#include "core/batch.hpp"
#include "handlers/admission.hpp"
#include "handlers/append_reply.hpp"
#include "handlers/malformed.hpp"

namespace sorteo {
namespace {

constexpr std::string_view kAction = "apuesta_recibida";

// What is left of a batch when its bytes have gone.
struct Received {
  std::uint32_t agency;
  std::uint32_t bets;
};

void log_outcome(const Received& received, boost::system::error_code error, Log& log) noexcept {
  write_line(log, error ? LogLevel::kWarning : LogLevel::kInfo, [&] {
    LogLine line(kAction, error ? "fail" : "success");
    line.with("cantidad", received.bets);
    if (error) {
      line.with("agencia", received.agency).with("error", error.message());
    }
    return line;
  });
}

}  // namespace

void BatchBetHandler::handle(const Request& request, Responder responder) {
  const auto batch = decode_batch(request.message.payload);
  if (batch.has_error()) {
    refuse_malformed(kAction, batch.error(), request.peer, log_, std::move(responder));
    return;
  }
  const Received received{batch->agency(), batch->size()};
  if (!is_admitted(request, received.agency, kAction, gate_, log_, responder) ||
      !has_allowance(request, received.agency, received.bets, kAction, gate_, log_, responder)) {
    return;
  }
  store_.append(*batch, [&log = log_, received, responder = std::move(responder)](
                            boost::system::error_code error) mutable noexcept {
    log_outcome(received, error, log);
    responder.send(append_reply(error));
  });
}

}  // namespace sorteo
