#include "handlers/malformed.hpp"

namespace sorteo {

void log_malformed(std::string_view action, const DecodeFault& fault, const Peer& peer, Log& log) {
  if (log.enabled(LogLevel::kWarning)) {
    LogLine line(action, "fail");
    if (fault.bet != 0) {
      line.with("apuesta", fault.bet);
    }
    line.with("error", describe(fault.code)).with("ip", peer.address);
    log.write(LogLevel::kWarning, line.str());
  }
}

void refuse_malformed(std::string_view action, const DecodeFault& fault, const Peer& peer, Log& log,
                      Responder responder) {
  log_malformed(action, fault, peer, log);
  responder.send(error_reply(fault.message()));
}

}  // namespace sorteo
