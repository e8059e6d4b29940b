#pragma once

#include "core/agency_gate.hpp"
#include "core/bet_store.hpp"
#include "core/handler.hpp"
#include "core/log.hpp"

namespace sorteo {

/// Serves BatchBet (docs/protocol.md): stores the batch, and answers `OK\n` once it is as durable
/// as the store promises. A batch that is malformed, or that the store refuses, is answered by an
/// ERROR that says why, and nothing of it is stored. Thread-safe, without state of its own.
class BatchBetHandler final : public Handler {
 public:
  /// All of them must outlive the store's last callback.
  BatchBetHandler(BetStore& store, AgencyGate& gate, Log& log) noexcept
      : store_(store), gate_(gate), log_(log) {}

  std::string_view name() const noexcept override { return "BatchBetHandler"; }
  void handle(const Request& request, Responder responder) override;

 private:
  BetStore& store_;
  AgencyGate& gate_;
  Log& log_;
};

}  // namespace sorteo
