#pragma once

#include <cstdint>
#include <string>

#include "client_sdk/answer_reader.hpp"
#include "client_sdk/message_reader.hpp"
#include "core/bytes.hpp"

namespace sorteo::cli {

/// Which version of the protocol carries the load.
enum class WireVersion : std::uint8_t { k1 = 1, k2 = 2 };

enum class AnswerKind : std::uint8_t {
  kNone,        ///< more bytes are needed
  kStored,      ///< the batch is stored, and came for the first time
  kDuplicate,   ///< the batch had come before
  kRefused,     ///< the batch is refused, by a Receipt or an Error
  kUnreadable,  ///< what came is no answer to a batch
};

/// The server's word on one batch.
struct Answer {
  AnswerKind kind = AnswerKind::kNone;
  std::uint64_t sequence = 0;  ///< version 2, of a Receipt
  std::uint32_t bets = 0;      ///< version 2, of a Receipt
  std::string reason = {};     ///< of a refusal, and of what is unreadable

  friend bool operator==(const Answer&, const Answer&) = default;
};

/// Reads the bytes of one connection, however they are cut, as the answers to its batches
/// (docs/protocol.md). Takes no memory while the answers are good, once it has had some. Not
/// thread-safe.
class AnswerStream final {
 public:
  explicit AnswerStream(WireVersion version) : version_(version) {}

  /// Takes note of what has come.
  void feed(ByteView bytes);

  /// The next answer. After kUnreadable, do not ask again.
  Answer next();

 private:
  Answer next_packet();
  Answer next_message();

  WireVersion version_;
  client::AnswerReader packets_;    // in version 1
  client::MessageReader messages_;  // in version 2
};

}  // namespace sorteo::cli
