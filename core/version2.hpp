#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/bet_store.hpp"
#include "core/bytes.hpp"
#include "core/reply.hpp"
#include "core/session_id.hpp"
#include "core/version2_error.hpp"

/// The payloads of version 2 of the protocol (docs/protocol.md, "Version 2"). Each `decode_*` gives
/// nothing for bytes that are no such payload; views in what it gives look into those bytes. Each
/// `encode` gives the payload alone, without the envelope. Fields that a reader does not know are
/// passed over.
namespace sorteo::v2 {

inline constexpr std::uint8_t kVersion = 2;
inline constexpr std::size_t kMaxPingBytes = 64;
/// What stands before the Packets of a OnceBatch.
inline constexpr std::size_t kOnceBatchHeaderBytes = 28;
/// The payload of a Receipt that is no refusal.
inline constexpr std::size_t kReceiptBytes = 22;

/// Features that a client offers and a server accepts by repeating them; bits of a set.
enum Feature : std::uint32_t {
  kGoAwayFeature = 1U << 0,  ///< the client understands GoAway
};

struct Hello {
  std::uint8_t least_version = kVersion;
  std::uint8_t most_version = kVersion;
  std::uint32_t agency = 0;
  SessionId session;
  std::uint32_t features = 0;  ///< those offered that this program knows

  friend bool operator==(const Hello&, const Hello&) = default;
};

struct Welcome {
  std::uint8_t version = kVersion;
  bool has_finished = false;  ///< the agency has
  bool is_draw_held = false;
  std::uint64_t durable = 0;       ///< the session's sequence numbers up to here have outcomes
  std::uint64_t agency_bets = 0;   ///< durable bets of the agency
  std::uint64_t last_refused = 0;  ///< the highest of these numbers that was refused; 0: none was
  std::uint32_t features = 0;      ///< those accepted
  std::uint32_t max_frame_bytes = 0;  ///< of a request's payload; 0 when not said
  std::uint32_t max_batch_bytes = 0;  ///< of a batch's Packets; 0 when not said
  std::uint32_t window = 0;           ///< requests without an answer; 0 when not said
  std::string durability;             ///< "fsync", "interval", "os", "none"
  std::uint32_t interval_ms = 0;      ///< of durability "interval"
  std::string server_version;

  friend bool operator==(const Welcome&, const Welcome&) = default;
};

struct OnceBatch {
  std::uint32_t agency = 0;
  SessionId session;
  std::uint64_t sequence = 0;
  ByteView packets;  ///< not checked
};

struct ReceiptMessage {
  std::uint64_t sequence = 0;
  Receipt receipt;
  ErrorCode code = ErrorCode::kMalformed;  ///< of a refusal
  std::string sentence;                    ///< of a refusal

  friend bool operator==(const ReceiptMessage&, const ReceiptMessage&) = default;
};

struct Finish {
  std::uint32_t agency = 0;
  std::uint64_t bets = 0;  ///< that the agency believes to be stored

  friend bool operator==(const Finish&, const Finish&) = default;
};

struct AwaitWinners {
  std::uint32_t agency = 0;
  std::uint32_t wait_ms = 0;

  friend bool operator==(const AwaitWinners&, const AwaitWinners&) = default;
};

struct Winners {
  std::uint32_t winning_number = 0;
  std::vector<std::uint32_t> documents;

  friend bool operator==(const Winners&, const Winners&) = default;
};

std::string encode(const Hello& hello);
std::string encode(const Welcome& welcome);
std::string encode(const Finish& finish);
std::string encode(const AwaitWinners& question);
std::string encode_finished(std::uint64_t agency_bets);
std::string encode_winners(std::uint32_t winning_number, std::span<const std::uint32_t> documents);
/// The payload of a Receipt, without an allocation unless it is a refusal.
ReplyPayload receipt_payload(const ReceiptMessage& receipt);
inline std::string encode(const ReceiptMessage& receipt) {
  return std::string(receipt_payload(receipt).view());
}
/// What stands before the Packets of a OnceBatch.
void append_once_batch_header(std::string& to, std::uint32_t agency, const SessionId& session,
                              std::uint64_t sequence);

[[nodiscard]] std::optional<Hello> decode_hello(ByteView payload);
[[nodiscard]] std::optional<Welcome> decode_welcome(ByteView payload);
[[nodiscard]] std::optional<OnceBatch> decode_once_batch(ByteView payload);
[[nodiscard]] std::optional<ReceiptMessage> decode_receipt(ByteView payload);
[[nodiscard]] std::optional<Finish> decode_finish(ByteView payload);
[[nodiscard]] std::optional<std::uint64_t> decode_finished(ByteView payload);
[[nodiscard]] std::optional<AwaitWinners> decode_await_winners(ByteView payload);
[[nodiscard]] std::optional<Winners> decode_winners(ByteView payload);

}  // namespace sorteo::v2
