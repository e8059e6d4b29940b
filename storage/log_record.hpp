#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/batch.hpp"
#include "core/bet_store.hpp"
#include "core/bytes.hpp"

namespace sorteo {

/// How many bytes of a record stand before its payload.
inline constexpr std::size_t kRecordHeaderBytes = 44;

/// The longest payload. A longer length is damage, so that no reader needs more memory than this.
inline constexpr std::size_t kMaxRecordPayload = 16 * 1024 * 1024;

/// The sizes of the records that have but one.
inline constexpr std::size_t kFinishRecordBytes = kRecordHeaderBytes + 12;
inline constexpr std::size_t kDrawRecordBytes = kRecordHeaderBytes + 4;
inline constexpr std::size_t kRefusedRecordBytes = kRecordHeaderBytes + 56;

/// How many bytes of a batch's payload stand before its packets.
inline constexpr std::size_t kBatchHeaderBytes = 8;

/// How many bytes of the payload of a record with an identity stand before the packets, or before
/// the digest.
inline constexpr std::size_t kIdentityBytes = 40;

/// The bytes at `kRecordMagicAt` of every record. The first of them never occurs in UTF-8.
inline constexpr std::string_view kRecordMagic =
    "\xFE"
    "BET";
inline constexpr std::size_t kRecordMagicAt = 8;

/// What a record says. The values stand in the log.
enum class RecordType : std::uint8_t {
  kBatch = 1,            ///< agency:u32 bets:u32 packets
  kAgencyFinished = 2,   ///< agency:u32 bets:u64
  kDrawHeld = 3,         ///< winning_number:u32
  kIdentifiedBatch = 4,  ///< agency:u32 bets:u32 session:16 sequence:u64 before:u64 packets
  kRefusedBatch = 5,     ///< agency:u32 length:u32 session:16 sequence:u64 before:u64 digest:16
};

/// What stands before the payload of a record (docs/storage.md, "A record").
struct RecordHeader {
  std::uint64_t checksum = 0;  ///< of all that follows it in the record, seeded by the log's id
  bool magic = false;          ///< whether the bytes of kRecordMagic are there
  std::uint8_t type = 0;
  std::uint8_t version = 0;  ///< of this type's payload
  std::uint16_t reserved = 0;
  std::uint32_t length = 0;    ///< of the payload
  std::uint64_t offset = 0;    ///< in the log, of the record itself
  std::uint64_t durable = 0;   ///< the log was durable up to here when the record was written
  std::uint64_t previous = 0;  ///< the checksum of the record before, or of the log's header

  /// Whether this program knows what the payload means.
  bool is_known() const noexcept;
};

/// What a content that was refused is known by: its XXH3-128, in big-endian order.
using ContentDigest = std::array<std::byte, 16>;
ContentDigest digest_of(ByteView content) noexcept;

// Fill in a record without its place in the log, which seal_record fills in. `to` is as large as
// the record; its payload is not over kMaxRecordPayload.
void encode_batch_record(std::span<std::byte> to, const Batch& batch);
/// Of a batch that is refused, only the digest.
void encode_identified_record(std::span<std::byte> to, const IdentifiedBatch& batch);
/// `bets` of the agency are stored.
void encode_finish_record(std::span<std::byte> to, std::uint32_t agency, std::uint64_t bets);
void encode_draw_record(std::span<std::byte> to, std::uint32_t winning_number);

/// How large the records of batches are.
std::size_t batch_record_size(const Batch& batch) noexcept;
std::size_t identified_record_size(const IdentifiedBatch& batch) noexcept;

/// Fills in, in a record with an identity that is not sealed yet, where the record of the session's
/// batch before it begins.
void set_before(std::span<std::byte> record, std::uint64_t before) noexcept;

/// Where a record stands in its log.
struct RecordPlace {
  std::uint64_t log_id = 0;
  std::uint64_t offset = 0;
  std::uint64_t durable = 0;
  std::uint64_t previous = 0;
};

/// Fills in the place and the checksum of the record at the start of `records`.
/// Returns its size and its checksum.
struct SealedRecord {
  std::size_t size;
  std::uint64_t checksum;
};
SealedRecord seal_record(std::span<std::byte> records, const RecordPlace& place) noexcept;

/// `bytes` holds at least kRecordHeaderBytes. Nothing is checked.
RecordHeader decode_record_header(ByteView bytes) noexcept;

/// The checksum that `record`, which is whole, ought to have.
std::uint64_t checksum_of_record(std::uint64_t log_id, ByteView record) noexcept;

/// The start of the payload of a record with an identity.
struct RecordIdentity {
  std::uint32_t agency = 0;
  std::uint32_t count = 0;  ///< bets; of a refused batch the bytes of its content
  SessionId session;
  std::uint64_t sequence = 0;
  std::uint64_t before = 0;  ///< where in the log the record of the batch before it begins; or 0
  ByteView rest;             ///< packets, or the digest of the content
};

struct FinishRecord {
  std::uint32_t agency = 0;
  std::uint64_t bets = 0;
};

// What the payload of a record of that type holds; nothing when its length does not fit.
std::optional<Batch> decode_batch_payload(ByteView payload) noexcept;
std::optional<RecordIdentity> decode_identity(ByteView payload) noexcept;
std::optional<FinishRecord> decode_finish_payload(ByteView payload) noexcept;
std::optional<std::uint32_t> decode_draw_payload(ByteView payload) noexcept;

}  // namespace sorteo
