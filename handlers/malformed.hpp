#pragma once

#include <string_view>

#include "core/batch.hpp"
#include "core/handler.hpp"
#include "core/log.hpp"

namespace sorteo {

/// Answers a request whose bytes are no bet or no batch with what is wrong with them, which may
/// quote the peer's own values, and logs that `action` failed, which quotes nothing of a customer.
void refuse_malformed(std::string_view action, const DecodeFault& fault, const Peer& peer, Log& log,
                      Responder responder);

}  // namespace sorteo
