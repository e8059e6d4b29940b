#pragma once

#include "core/agency_gate.hpp"
#include "core/bet_store.hpp"
#include "core/handler.hpp"
#include "core/log.hpp"

namespace sorteo {

/// Serves the single bet of generation 5 (docs/protocol.md): stores it as a batch of one bet of
/// agency 0, and answers as BatchBetHandler does. The customer's document is logged at debug level
/// only. Thread-safe, without state of its own.
class BetHandler final : public Handler {
 public:
  /// All of them must outlive the store's last callback.
  BetHandler(BetStore& store, AgencyGate& gate, Log& log) noexcept
      : store_(store), gate_(gate), log_(log) {}

  std::string_view name() const noexcept override { return "BetHandler"; }
  void handle(const Request& request, Responder responder) override;

 private:
  BetStore& store_;
  AgencyGate& gate_;
  Log& log_;
};

}  // namespace sorteo
