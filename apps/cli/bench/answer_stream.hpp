#pragma once

#include <cstdint>
#include <optional>
#include <string>

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

/// Cuts the bytes of one connection into the answers to its batches (docs/protocol.md). Allocates
/// nothing while the answers are good. Not thread-safe.
class AnswerStream final {
 public:
  explicit AnswerStream(WireVersion version);

  /// What has come. `bytes` must live until next() has answered kNone.
  void feed(ByteView bytes) noexcept { rest_ = bytes; }

  /// The next answer. After kUnreadable, do not ask again.
  Answer next();

 private:
  std::optional<ByteView> take_message();
  bool carry_up_to(std::size_t size);
  std::uint32_t length_in(ByteView header) const noexcept;
  std::size_t bytes_to_take(ByteView header) const noexcept;
  Answer read_packet(ByteView payload) const;
  Answer read_message(std::uint8_t type, ByteView payload) const;

  WireVersion version_;
  std::size_t header_bytes_;
  ByteView rest_;
  std::string carry_;  // the beginning of a message whose rest has not come
  bool carry_is_read_ = false;
};

}  // namespace sorteo::cli
