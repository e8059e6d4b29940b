#pragma once

#include "core/agency_gate.hpp"
#include "core/bet_store.hpp"
#include "core/handler.hpp"
#include "core/log.hpp"

namespace sorteo {

/// Serves OnceBatch (docs/protocol.md): stores the batch once, however often it comes, and answers
/// a Receipt once its outcome is as durable as the store promises. A batch that breaks a rule is
/// given to the store as well, which records the refusal. Thread-safe, without state of its own.
class OnceBatchHandler final : public Handler {
 public:
  /// All of them must outlive the store's last callback.
  OnceBatchHandler(BetStore& store, AgencyGate& gate, Log& log) noexcept
      : store_(store), gate_(gate), log_(log) {}

  std::string_view name() const noexcept override { return "OnceBatchHandler"; }
  void handle(const Request& request, Responder responder) override;

 private:
  BetStore& store_;
  AgencyGate& gate_;
  Log& log_;
};

}  // namespace sorteo
