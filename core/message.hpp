#pragma once

#include <cstddef>
#include <cstdint>

#include "core/bytes.hpp"

namespace sorteo {

/// The types of the messages (docs/protocol.md, "Types"): up to 4 those of version 1, from 0x10
/// those of version 2. The rest up to 0x7F is for later versions of the protocol, 0x80 to 0xFF for
/// handlers that others add.
enum class MessageType : std::uint8_t {
  kBet = 0,              ///< the single bet of generation 5; never on the wire as a type
  kBatchBet = 1,         ///< client to server: a Batch
  kConsulta = 2,         ///< client to server: the agency that asks
  kRespuestaWinner = 3,  ///< server to client: the documents of the winners
  kRespuestaWait = 4,    ///< server to client: the draw has not been held
  kHello = 0x10,         ///< client to server: who speaks, and which versions
  kWelcome = 0x11,       ///< server to client: the version, the limits, and what is durable
  kOnceBatch = 0x12,     ///< client to server: a batch with an identity
  kReceipt = 0x13,       ///< server to client: what became of it
  kFinish = 0x14,        ///< client to server: the agency has sent so many bets, and no more come
  kFinished = 0x15,      ///< server to client: that is recorded
  kAwaitWinners = 0x16,  ///< client to server: asks for the winners, and waits for the draw
  kWinners = 0x17,       ///< server to client: the winners
  kPing = 0x18,          ///< client to server
  kPong = 0x19,          ///< server to client: the same bytes back
  kError = 0x1A,         ///< server to client: why a request was not done
  kGoAway = 0x1B,        ///< server to client: it reads no more requests of this connection
};

/// How many bytes stand before the payload of a Message, `type:u8 length:u32`, and of a Packet,
/// `length:u32`.
inline constexpr std::size_t kMessageHeaderBytes = 5;
inline constexpr std::size_t kPacketHeaderBytes = 4;

/// Whether requests of `type` are answered in the forms of version 2: those of version 1 are 0 to
/// 2, and up to 0x0F nothing else will come.
constexpr bool is_version2(std::uint8_t type) noexcept { return type >= 0x10; }

/// A request as it came: its type, which may be one that nobody knows, and its payload, a view into
/// the buffer of the session. The view dies when Handler::handle returns.
struct Message {
  std::uint8_t type = 0;
  ByteView payload;
};

}  // namespace sorteo
