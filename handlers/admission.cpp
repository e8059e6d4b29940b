#include "handlers/admission.hpp"

#include <string>

#include "core/version2_reply.hpp"

namespace sorteo {
namespace {

std::string_view sentence_of(AgencyGate::Verdict verdict) noexcept {
  return verdict == AgencyGate::Verdict::kForeign ? "the certificate does not name this agency"
                                                  : "the agency is disabled";
}

Reply refusal(const Request& request, v2::Error error) {
  return is_version2(request.message.type) ? v2::error_reply(error) : error_reply(error.sentence);
}

}  // namespace

bool is_admitted(const Request& request, std::uint32_t agency, std::string_view action,
                 AgencyGate& gate, Log& log, Responder& responder) {
  const auto verdict = gate.judge(request.peer, agency);
  if (verdict == AgencyGate::Verdict::kAdmitted) {
    return true;
  }
  const std::string_view sentence = sentence_of(verdict);
  write_line(log, LogLevel::kWarning, [&] {
    return LogLine(action, "fail")
        .with("agencia", agency)
        .with("error", sentence)
        .with("certificado", request.peer.agencies_text())
        .with("ip", request.peer.address);
  });
  responder.send(
      refusal(request, v2::make_error(v2::ErrorCode::kForbidden, request.message.type, sentence)));
  return false;
}

bool has_allowance(const Request& request, std::uint32_t agency, std::uint32_t bets,
                   std::string_view action, AgencyGate& gate, Log& log, Responder& responder) {
  const auto pause = gate.take(agency, bets, AgencyGate::Clock::now());
  if (!pause) {
    return true;
  }
  write_line(log, LogLevel::kWarning, [&] {
    return LogLine(action, "fail")
        .with("agencia", agency)
        .with("cantidad", bets)
        .with("error", "the agency sends more bets a second than it may")
        .with("retry_ms", pause->count());
  });
  auto error = v2::make_error(
      v2::ErrorCode::kBusy, request.message.type,
      "busy, try again in " + std::to_string(pause->count()) + " ms: too many bets a second");
  error.after_ms = static_cast<std::uint32_t>(pause->count());
  responder.send(refusal(request, std::move(error)));
  return false;
}

}  // namespace sorteo
