#pragma once

#include <functional>

#include "core/agency_gate.hpp"
#include "core/draw.hpp"
#include "core/handler.hpp"
#include "core/log.hpp"
#include "core/waiting_room.hpp"

namespace sorteo {

/// Serves AwaitWinners (docs/protocol.md): the question waits in the waiting room until the draw or
/// until its deadline. It sets off a draw that failed before, and does not mean finish.
/// Thread-safe, without state of its own.
class AwaitWinnersHandler final : public Handler {
 public:
  using Now = std::function<WaitingRoom::Clock::time_point()>;

  /// The references must outlive the handler. `now` is asked for the time, from several threads.
  AwaitWinnersHandler(WaitingRoom& room, Draw& draw, AgencyGate& gate, Log& log,
                      Now now = WaitingRoom::Clock::now)
      : room_(room), draw_(draw), gate_(gate), log_(log), now_(std::move(now)) {}

  std::string_view name() const noexcept override { return "AwaitWinnersHandler"; }
  void handle(const Request& request, Responder responder) override;

 private:
  WaitingRoom& room_;
  Draw& draw_;
  AgencyGate& gate_;
  Log& log_;
  const Now now_;
};

}  // namespace sorteo
