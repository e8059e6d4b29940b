#include "handlers/finish_handler.hpp"

#include <concepts>
#include <exception>
#include <string>
#include <utility>

#include "core/version2.hpp"
#include "core/version2_reply.hpp"
#include "handlers/admission.hpp"
#include "handlers/version2_refusal.hpp"

namespace sorteo {
namespace {

constexpr std::string_view kAction = "agencia_finalizada";

void log_failure(const v2::Finish& finish, std::uint64_t stored, std::invocable auto why,
                 Log& log) noexcept {
  write_line(log, LogLevel::kWarning, [&] {
    return LogLine(kAction, "fail")
        .with("agencia", finish.agency)
        .with("declaradas", finish.bets)
        .with("almacenadas", stored)
        .with("error", why());
  });
}

v2::Error error_of(boost::system::error_code error, const v2::Finish& finish, std::uint64_t stored,
                   std::uint8_t request) {
  v2::Error answer = store_error(error, request);
  if (error == StoreError::kCountMismatch) {
    answer.sentence = std::to_string(stored) + " bets of agency " + std::to_string(finish.agency) +
                      " are stored, not " + std::to_string(finish.bets);
    answer.stored = stored;
    answer.claimed = finish.bets;
  }
  return answer;
}

// The store has called back. Does not throw, because its callbacks must not: without memory the
// responder answers INTERNAL by itself, and the agency may ask again.
void answer(const v2::Finish& finish, boost::system::error_code error, std::uint64_t stored,
            Draw& draw, Log& log, Responder responder) noexcept {
  try {
    if (error) {
      log_failure(
          finish, stored, [&] { return error.message(); }, log);
      responder.send(v2::error_reply(error_of(error, finish, stored, responder.type())));
      return;
    }
    draw.agency_finished(finish.agency);
    write_line(log, LogLevel::kInfo, [&] {
      return LogLine(kAction, "success").with("agencia", finish.agency).with("cantidad", stored);
    });
    responder.send(v2::message_reply(MessageType::kFinished, v2::encode_finished(stored)));
  } catch (const std::exception& failure) {
    log_failure(
        finish, stored, [&] { return failure.what(); }, log);
  }
}

}  // namespace

void FinishHandler::handle(const Request& request, Responder responder) {
  const auto finish = v2::decode_finish(request.message.payload);
  if (!finish) {
    refuse(request, v2::ErrorCode::kMalformed, kAction,
           "a Finish holds an agency and a number of bets in 12 bytes, not " +
               std::to_string(request.message.payload.size()),
           log_, std::move(responder));
    return;
  }
  if (!is_admitted(request, finish->agency, kAction, gate_, log_, responder)) {
    return;
  }
  store_.record_counted_finish(
      finish->agency, finish->bets,
      [agency = finish->agency, bets = finish->bets, &draw = draw_, &log = log_,
       responder = std::move(responder)](boost::system::error_code error,
                                         std::uint64_t stored) mutable noexcept {
        answer({agency, bets}, error, stored, draw, log, std::move(responder));
      });
}

}  // namespace sorteo
