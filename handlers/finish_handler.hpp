#pragma once

#include "core/agency_gate.hpp"
#include "core/bet_store.hpp"
#include "core/draw.hpp"
#include "core/handler.hpp"
#include "core/log.hpp"

namespace sorteo {

/// Serves Finish (docs/protocol.md): records that an agency has finished, if as many of its bets
/// are stored as it says, and answers Finished when that is durable. Thread-safe, without state of
/// its own.
class FinishHandler final : public Handler {
 public:
  /// All three must outlive the store's last callback.
  FinishHandler(BetStore& store, Draw& draw, AgencyGate& gate, Log& log) noexcept
      : store_(store), draw_(draw), gate_(gate), log_(log) {}

  std::string_view name() const noexcept override { return "FinishHandler"; }
  void handle(const Request& request, Responder responder) override;

 private:
  BetStore& store_;
  Draw& draw_;
  AgencyGate& gate_;
  Log& log_;
};

}  // namespace sorteo
