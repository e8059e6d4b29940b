#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/batch.hpp"
#include "core/bytes.hpp"

namespace sorteo {

/// How many bytes of a record stand before its payload.
inline constexpr std::size_t kRecordHeaderBytes = 44;

/// The longest payload. A longer length is damage, so that no reader needs more memory than this.
inline constexpr std::size_t kMaxRecordPayload = 16 * 1024 * 1024;

/// The size of a record whose payload is one number.
inline constexpr std::size_t kNumberRecordBytes = kRecordHeaderBytes + sizeof(std::uint32_t);

/// How many bytes of a batch's payload stand before its packets.
inline constexpr std::size_t kBatchHeaderBytes = 8;

/// The bytes at `kRecordMagicAt` of every record. The first of them never occurs in UTF-8.
inline constexpr std::string_view kRecordMagic =
    "\xFE"
    "BET";
inline constexpr std::size_t kRecordMagicAt = 8;

/// What a record says. The values stand in the log.
enum class RecordType : std::uint8_t {
  kBatch = 1,           ///< payload: agency:u32 bets:u32 packets
  kAgencyFinished = 2,  ///< payload: agency:u32
  kDrawHeld = 3,        ///< payload: winning_number:u32
  kMark = 4,            ///< no payload: says only that what stands before it is durable
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

/// Appends a record without its place in the log, which seal_record fills in. `batch` is not over
/// kMaxRecordPayload.
void append_batch_record(std::vector<std::byte>& to, const Batch& batch);
void append_number_record(std::vector<std::byte>& to, RecordType type, std::uint32_t number);
void append_mark_record(std::vector<std::byte>& to);

/// How many bytes append_batch_record appends.
std::size_t batch_record_size(const Batch& batch) noexcept;

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

/// What the payload of a record of that type holds; nothing when its length does not fit.
std::optional<Batch> decode_batch_payload(ByteView payload) noexcept;
std::optional<std::uint32_t> decode_number_payload(ByteView payload) noexcept;

}  // namespace sorteo
