#pragma once

#include <chrono>
#include <cstddef>

namespace sorteo {

/// What one session may use.
struct SessionLimits {
  std::size_t max_frame_bytes = 256 * 1024;   ///< the largest payload of a request, in bytes
  std::size_t max_requests_in_flight = 64;    ///< requests without an answer; more are not read
  std::size_t max_reply_bytes = 1024 * 1024;  ///< answers not yet written; over it nothing is read
  std::chrono::milliseconds handshake_timeout{10'000};  ///< of TLS, from the connection on
  std::chrono::milliseconds idle_timeout{300'000};      ///< between requests, with none in flight
  std::chrono::milliseconds frame_timeout{30'000};      ///< from a frame's first byte to its last
  std::chrono::milliseconds write_timeout{30'000};      ///< for a write to make progress
  std::chrono::milliseconds linger_timeout{1'000};  ///< for the peer to close after the last answer
};

}  // namespace sorteo
