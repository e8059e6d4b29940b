#pragma once

#include "core/session_id.hpp"

namespace sorteo::client {

/// A session that nobody else has: 128 bits of the system's random numbers. Throws std::exception
/// where the system has none.
SessionId random_session();

}  // namespace sorteo::client
