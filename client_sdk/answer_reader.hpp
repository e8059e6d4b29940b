#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.hpp"

namespace sorteo::client {

/// One answer of the server (docs/protocol.md, "Answers").
struct Answer {
  enum class Kind {
    kStored,   ///< `OK\n`
    kRefused,  ///< `ERROR <reason>\n`
    kWait,     ///< the draw has not been held
    kWinners,
  };

  Kind kind = Kind::kStored;
  std::string reason;                  ///< of a refusal
  std::vector<std::uint32_t> winners;  ///< the documents, when kWinners

  friend bool operator==(const Answer&, const Answer&) = default;
};

/// Bytes that are no answer.
struct AnswerFault {
  std::string message;  ///< what was found, in a few words
};

/// Takes the server's answers out of the bytes of a connection, however these are cut. Touches no
/// socket. A length is checked before anything is kept for it, and the buffer grows only with the
/// bytes that have come.
class AnswerReader final {
 public:
  static constexpr std::size_t kMaxPacketBytes = 64 * 1024;
  static constexpr std::size_t kMaxWinnersBytes = 64 * 1024 * 1024;

  /// Takes note of bytes that have come.
  void feed(ByteView bytes);

  /// The next whole answer; nothing when more bytes are needed. After a fault the connection is
  /// worth nothing, and every further call gives the fault again.
  boost::system::result<std::optional<Answer>, AnswerFault> next();

 private:
  std::string buffer_;
  std::size_t read_ = 0;  // how much of buffer_ has been taken out
};

}  // namespace sorteo::client
