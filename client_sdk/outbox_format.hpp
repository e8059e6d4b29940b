#pragma once

#include <array>
#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "client_sdk/outbox_state.hpp"
#include "core/bytes.hpp"
#include "core/session_id.hpp"

/// The bytes of an outbox (docs/outbox.md).
namespace sorteo::client {

/// How many bytes stand before the first record.
inline constexpr std::size_t kOutboxHeaderBytes = 96;

/// How many bytes of a record stand before its payload.
inline constexpr std::size_t kOutboxRecordHeaderBytes = 44;

/// The longest payload. A longer length is damage, so that no reader needs more memory than this.
inline constexpr std::size_t kMaxOutboxPayload = 16 * 1024 * 1024;

/// How many bytes of a batch's payload stand before its packets.
inline constexpr std::size_t kOutboxBatchBytes = 24;

/// The longest packets of a batch.
inline constexpr std::size_t kMaxOutboxPackets = kMaxOutboxPayload - kOutboxBatchBytes;

/// The bytes at `kOutboxRecordMagicAt` of every record. The first of them never occurs in UTF-8.
inline constexpr std::string_view kOutboxRecordMagic =
    "\xFE"
    "OBX";
inline constexpr std::size_t kOutboxRecordMagicAt = 8;

/// The start of the file: whose it is, and where its records begin to count.
struct OutboxHeader {
  std::uint32_t agency = 0;
  SessionId session;
  std::optional<std::array<std::byte, 16>> source;
  std::uint64_t generation = 0;    ///< how often the file had been rewritten
  std::uint64_t settled = 0;       ///< the first record's batch follows this sequence number
  std::uint64_t bets_taken = 0;    ///< in the batches up to that one
  std::uint64_t settled_bets = 0;  ///< of those, stored
  std::uint64_t checksum = 0;  ///< of all the above; the seed of the records' checksums, and what
                               ///< the first record follows

  friend bool operator==(const OutboxHeader&, const OutboxHeader&) = default;
};

/// Why bytes are not the start of an outbox.
enum class OutboxHeaderFault {
  kTooShort,     ///< fewer bytes than a header has
  kNotAnOutbox,  ///< the file does not begin as an outbox does
  kChecksum,     ///< the checksum is wrong
  kNewVersion,   ///< whole and sound, but of another version of the format
};

/// The bytes of a header; sets its checksum.
std::string encode(OutboxHeader& header);

/// The header at the start of `bytes`.
boost::system::result<OutboxHeader, OutboxHeaderFault> decode_outbox_header(ByteView bytes);

/// What a record says. The values stand in the file.
enum class OutboxRecordType : std::uint8_t {
  kBatch = 1,    ///< payload: sequence:u64 first_bet:u64 bets:u64 packets
  kSettled = 2,  ///< payload: sequence:u64 stored_bets:u64
  kMark = 3,     ///< no payload: says only that what stands before it is durable
};

/// Where a record stands.
struct OutboxPlace {
  std::uint64_t seed = 0;      ///< the header's checksum
  std::uint64_t offset = 0;    ///< in the file
  std::uint64_t durable = 0;   ///< the file was durable up to here when the record was written
  std::uint64_t previous = 0;  ///< the checksum of the record before, or of the header
};

/// The bytes of a record at its place. `batch` is not over kMaxOutboxPackets.
std::string batch_record(const OutboxPlace& place, const OutboxBatch& batch);
std::string settled_record(const OutboxPlace& place, std::uint64_t sequence,
                           std::uint64_t stored_bets);
std::string mark_record(const OutboxPlace& place);

/// How many bytes batch_record makes.
std::size_t batch_record_size(const OutboxBatch& batch) noexcept;

/// The checksum that stands in `record`, which holds a record's header at least.
std::uint64_t checksum_in(ByteView record) noexcept;

/// The checksum that `record`, which is whole, ought to have.
std::uint64_t outbox_checksum(std::uint64_t seed, ByteView record) noexcept;

/// What stands before the payload of a record.
struct OutboxRecordHeader {
  std::uint64_t checksum = 0;
  bool magic = false;  ///< whether the bytes of kOutboxRecordMagic are there
  std::uint8_t type = 0;
  std::uint8_t version = 0;  ///< of this type's payload
  std::uint16_t reserved = 0;
  std::uint32_t length = 0;  ///< of the payload
  OutboxPlace place;         ///< without the seed

  /// Whether this program knows what the payload means.
  bool is_known() const noexcept;
};

/// `bytes` holds at least kOutboxRecordHeaderBytes. Nothing is checked.
OutboxRecordHeader decode_outbox_record_header(ByteView bytes) noexcept;

struct OutboxSettled {
  std::uint64_t sequence = 0;
  std::uint64_t stored_bets = 0;
};

/// What the payload of a record of that type holds; nothing when its length does not fit.
std::optional<OutboxBatch> decode_outbox_batch(ByteView payload);
std::optional<OutboxSettled> decode_outbox_settled(ByteView payload) noexcept;

}  // namespace sorteo::client
