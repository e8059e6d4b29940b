#pragma once

#include "core/agency_gate.hpp"
#include "core/bet_store.hpp"
#include "core/draw.hpp"
#include "core/handler.hpp"
#include "core/log.hpp"

namespace sorteo {

/// Serves Consulta (docs/protocol.md): the first one of an agency says that it has finished, which
/// is recorded in the store before anything is answered. While the draw has not been held the
/// answer is RespuestaWait, and afterwards the winners of that agency.
///
/// Version 1 knows no error as the answer to a Consulta. When the store cannot record the finish,
/// the answer is RespuestaWait too: the agency asks again after a while, and each question tries
/// again. In the same way each question sets off a draw that failed before. A payload that is no
/// Consulta comes from a program that is broken, and gets an ERROR.
///
/// Thread-safe, without state of its own.
class ConsultaHandler final : public Handler {
 public:
  /// All three must outlive the store's last callback.
  ConsultaHandler(BetStore& store, Draw& draw, AgencyGate& gate, Log& log) noexcept
      : store_(store), draw_(draw), gate_(gate), log_(log) {}

  std::string_view name() const noexcept override { return "ConsultaHandler"; }
  void handle(const Request& request, Responder responder) override;

 private:
  BetStore& store_;
  Draw& draw_;
  AgencyGate& gate_;
  Log& log_;
};

}  // namespace sorteo
