#pragma once

#include <string_view>

#include "core/message.hpp"
#include "core/peer.hpp"
#include "core/responder.hpp"

namespace sorteo {

/// One request: what was asked, and by whom. Both references die when Handler::handle returns.
struct Request {
  Message message;
  const Peer& peer;
};

/// Serves one type of message. `main` makes each handler once and registers it; the I/O threads
/// then call it, several at a time, so a handler is thread-safe, and most have no state of their
/// own.
class Handler {
 public:
  virtual ~Handler() = default;

  /// The handler's name, for logs and start-up errors.
  virtual std::string_view name() const noexcept = 0;

  /// Answers `request` through `responder`, now or later, from any thread. Must not block: what
  /// takes time is given to the store or to another thread, with the responder moved along. An
  /// exception is logged by the session, and the peer is answered INTERNAL.
  virtual void handle(const Request& request, Responder responder) = 0;
};

}  // namespace sorteo
