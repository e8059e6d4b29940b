#pragma once

#include <string_view>

namespace sorteo {

/// Why a session gives up on its peer.
enum class TransportError {
  kFrameTooLong = 1,    ///< a frame announces a payload over the limit
  kUnrecognisedPacket,  ///< a Packet that holds neither a bet nor a batch
  kTlsOnPlainPort,      ///< the first bytes of TLS, where none is spoken
  kUnknownType,         ///< a Message of a type that no handler serves
  kFrameCut,            ///< the peer ended its stream in the middle of a frame
  kFrameTimeout,        ///< a frame took longer than SessionLimits::frame_timeout
  kHandshakeTimeout,    ///< the handshake of TLS took longer than SessionLimits::handshake_timeout
  kIdleTimeout,         ///< no request for SessionLimits::idle_timeout
  kWriteTimeout,        ///< the peer took none of its answers for SessionLimits::write_timeout
};

/// A few words for a log line.
std::string_view describe(TransportError error) noexcept;

}  // namespace sorteo
