#pragma once

#include "core/handler.hpp"
#include "core/log.hpp"

namespace sorteo {

/// Serves Ping (docs/protocol.md): gives the same bytes back. Thread-safe, without state of its
/// own.
class PingHandler final : public Handler {
 public:
  /// `log` must outlive the handler.
  explicit PingHandler(Log& log) noexcept : log_(log) {}

  std::string_view name() const noexcept override { return "PingHandler"; }
  void handle(const Request& request, Responder responder) override;

 private:
  Log& log_;
};

}  // namespace sorteo
