#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "apps/cli/endpoint.hpp"
#include "client_sdk/client.hpp"

namespace sorteo::cli {

/// Which service a command speaks to, and how.
struct ServerOptions {
  std::vector<Endpoint> servers;  ///< one at least; tried in turn
  std::uint32_t agency = 0;
  client::Protocol protocol = client::Protocol::kAuto;
  std::chrono::milliseconds answer_timeout{30'000};  ///< without any answer, before giving up
};

/// What the SDK is told of that.
client::Options connection_options(const ServerOptions& options);

}  // namespace sorteo::cli
