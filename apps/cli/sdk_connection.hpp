#pragma once

#include "apps/cli/agency_connection.hpp"

namespace sorteo::cli {

/// A connection through the client SDK.
std::unique_ptr<AgencyConnection> connect_with_sdk(client::Options options);

}  // namespace sorteo::cli
