#pragma once

#include <nats/nats.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace sorteo::peers {

/// Throws std::runtime_error unless `status` is NATS_OK.
inline void require(natsStatus status, const char* what) {
  if (status != NATS_OK) {
    throw std::runtime_error(std::string(what) + ": " + natsStatus_GetText(status));
  }
}

using NatsConnection = std::unique_ptr<natsConnection, decltype(&natsConnection_Destroy)>;
using JetStream = std::unique_ptr<jsCtx, decltype(&jsCtx_Destroy)>;

/// Connects to `server`, HOST:PORT. Throws std::runtime_error.
inline NatsConnection connect_nats(const std::string& server) {
  natsConnection* connection = nullptr;
  require(natsConnection_ConnectTo(&connection, ("nats://" + server).c_str()), "connect");
  return NatsConnection(connection, &natsConnection_Destroy);
}

/// The subject of an agency's bets, and the name of the stream that keeps them.
inline std::string subject_of(unsigned agency) { return "bets-" + std::to_string(agency); }

}  // namespace sorteo::peers
