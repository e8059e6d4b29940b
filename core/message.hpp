#pragma once

#include <cstdint>

#include "core/bytes.hpp"

namespace sorteo {

/// The types of the messages of version 1 (docs/protocol.md, "Types"). Types 0x10 to 0x7F are for
/// later versions of the protocol, 0x80 to 0xFF for handlers that others add.
enum class MessageType : std::uint8_t {
  kBet = 0,              ///< the single bet of generation 5; never on the wire as a type
  kBatchBet = 1,         ///< client to server: a Batch
  kConsulta = 2,         ///< client to server: the agency that asks
  kRespuestaWinner = 3,  ///< server to client: the documents of the winners
  kRespuestaWait = 4,    ///< server to client: the draw has not been held
};

/// A request as it came: its type, which may be one that nobody knows, and its payload, a view into
/// the buffer of the session. The view dies when Handler::handle returns.
struct Message {
  std::uint8_t type = 0;
  ByteView payload;
};

}  // namespace sorteo
