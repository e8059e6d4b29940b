#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"

namespace sorteo::client {

/// A message of version 2 from the server.
struct ServerMessage {
  std::uint8_t type = 0;
  ByteView payload;  ///< lives until the reader is fed again
};

/// Bytes that are no message of version 2 from a server.
struct MessageFault {
  bool is_version1 = false;  ///< they may be an answer of version 1
  std::string message;       ///< what was found, in a few words
};

/// Takes the server's messages of version 2 out of the bytes of a connection, however these are
/// cut. Touches no socket. A length is checked before anything is kept for it, and the buffer grows
/// only with the bytes that have come.
class MessageReader final {
 public:
  static constexpr std::size_t kMaxBytes = 64 * 1024;
  static constexpr std::size_t kMaxWinnersBytes = 64 * 1024 * 1024;

  /// Takes note of bytes that have come.
  void feed(ByteView bytes);

  /// The next whole message; nothing when more bytes are needed. After a fault the connection is
  /// worth nothing, and every further call gives the fault again.
  boost::system::result<std::optional<ServerMessage>, MessageFault> next();

 private:
  std::string buffer_;
  std::size_t read_ = 0;  // how much of buffer_ has been taken out
};

}  // namespace sorteo::client
