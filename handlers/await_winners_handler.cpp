#include "handlers/await_winners_handler.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "core/version2.hpp"
#include "core/version2_reply.hpp"
#include "handlers/admission.hpp"
#include "handlers/version2_refusal.hpp"

namespace sorteo {
namespace {

constexpr std::string_view kAction = "consulta_ganadores";

}  // namespace

void AwaitWinnersHandler::handle(const Request& request, Responder responder) {
  const auto question = v2::decode_await_winners(request.message.payload);
  if (!question) {
    refuse(request, v2::ErrorCode::kMalformed, kAction,
           "an AwaitWinners holds an agency and a time in 8 bytes, not " +
               std::to_string(request.message.payload.size()),
           log_, std::move(responder));
    return;
  }
  if (!is_admitted(request, question->agency, kAction, gate_, log_, responder)) {
    return;
  }
  draw_.resume();
  if (question->wait_ms == 0 && !draw_.winners_of(question->agency)) {
    responder.send(v2::error_reply(v2::ErrorCode::kNotHeld, request.message.type,
                                   "the draw has not been held"));
    return;
  }
  room_.wait(question->agency, now_() + std::chrono::milliseconds(question->wait_ms),
             std::move(responder));
}

}  // namespace sorteo
