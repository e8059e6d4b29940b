#include "transport/transport_error.hpp"

namespace sorteo {

std::string_view describe(TransportError error) noexcept {
  switch (error) {
    case TransportError::kFrameTooLong:
      return "the frame is too long";
    case TransportError::kUnrecognisedPacket:
      return "the packet holds neither a bet nor a batch";
    case TransportError::kTlsOnPlainPort:
      return "the peer speaks TLS, and this port does not";
    case TransportError::kHandshakeTimeout:
      return "the handshake of TLS was not over in time";
    case TransportError::kUnknownType:
      return "no handler serves the message type";
    case TransportError::kFrameCut:
      return "the peer closed in the middle of a frame";
    case TransportError::kFrameTimeout:
      return "the rest of a frame did not come in time";
    case TransportError::kIdleTimeout:
      return "no request came in time";
    case TransportError::kWriteTimeout:
      return "the peer does not read its answers";
  }
  return "unknown transport error";
}

}  // namespace sorteo
