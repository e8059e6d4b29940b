#pragma once

#include <string_view>

#include "core/batch.hpp"
#include "core/handler.hpp"
#include "core/log.hpp"

namespace sorteo {

/// Logs that `action` failed for bytes that are no bet or no batch; quotes nothing of a customer.
void log_malformed(std::string_view action, const DecodeFault& fault, const Peer& peer, Log& log);

/// Answers a request whose bytes are no bet or no batch with what is wrong with them, which may
/// quote the peer's own values, and logs that `action` failed, which quotes nothing of a customer.
void refuse_malformed(std::string_view action, const DecodeFault& fault, const Peer& peer, Log& log,
                      Responder responder);

}  // namespace sorteo
