#pragma once

#include <cstdint>
#include <string>

#include "core/agency_gate.hpp"
#include "core/bet_store.hpp"
#include "core/draw.hpp"
#include "core/handler.hpp"
#include "core/log.hpp"

namespace sorteo {

/// What a server says of itself to everybody.
struct HelloOptions {
  std::uint32_t max_frame_bytes = 0;  ///< of a request's payload
  std::uint32_t max_batch_bytes = 0;  ///< of the Packets of a OnceBatch
  std::uint32_t window = 0;           ///< requests of one connection without an answer
  std::string durability;             ///< "fsync", "interval", "os" or "none"
  std::uint32_t interval_ms = 0;      ///< of "interval"
  std::string server_version;
};

/// Serves Hello (docs/protocol.md): says what the server is, and what it has of the sender.
/// Thread-safe, without state of its own.
class HelloHandler final : public Handler {
 public:
  /// All but the options must outlive the handler.
  HelloHandler(HelloOptions options, const BetStore& store, const Draw& draw, AgencyGate& gate,
               Log& log)
      : options_(std::move(options)), store_(store), draw_(draw), gate_(gate), log_(log) {}

  std::string_view name() const noexcept override { return "HelloHandler"; }
  void handle(const Request& request, Responder responder) override;

 private:
  const HelloOptions options_;
  const BetStore& store_;
  const Draw& draw_;
  AgencyGate& gate_;
  Log& log_;
};

}  // namespace sorteo
