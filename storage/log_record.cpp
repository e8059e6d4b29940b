#include "storage/log_record.hpp"

#include <xxhash.h>
#ifdef SORTEO_XXHASH_DISPATCH
#include <xxh_x86dispatch.h>  // the same functions, as fast as the processor allows
#endif

#include <algorithm>
#include <array>

namespace sorteo {
namespace {

constexpr std::size_t kTypeAt = 12;
constexpr std::size_t kVersionAt = 13;
constexpr std::size_t kReservedAt = 14;
constexpr std::size_t kLengthAt = 16;
constexpr std::size_t kOffsetAt = 20;
constexpr std::size_t kDurableAt = 28;
constexpr std::size_t kPreviousAt = 36;

constexpr std::uint8_t kVersion = 1;

// In the payload of a record of a batch.
constexpr std::size_t kCountAt = 4;
// And of one with an identity.
constexpr std::size_t kSessionAt = 8;
constexpr std::size_t kSequenceAt = 24;
constexpr std::size_t kBeforeAt = 32;

// Returns where the payload goes.
std::span<std::byte> encode_header(std::span<std::byte> to, RecordType type) {
  std::ranges::fill(to.first(kRecordHeaderBytes), std::byte{0});
  std::ranges::copy(as_bytes(kRecordMagic), to.begin() + kRecordMagicAt);
  to[kTypeAt] = static_cast<std::byte>(type);
  to[kVersionAt] = static_cast<std::byte>(kVersion);
  store_u32(to.data() + kLengthAt, static_cast<std::uint32_t>(to.size() - kRecordHeaderBytes));
  return to.subspan(kRecordHeaderBytes);
}

}  // namespace

bool RecordHeader::is_known() const noexcept {
  return type >= static_cast<std::uint8_t>(RecordType::kBatch) &&
         type <= static_cast<std::uint8_t>(RecordType::kRefusedBatch) && version == kVersion &&
         reserved == 0;
}

ContentDigest digest_of(ByteView content) noexcept {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(content.data(), content.size()));
  ContentDigest digest;
  std::ranges::copy(std::as_bytes(std::span(canonical.digest)), digest.begin());
  return digest;
}

void encode_batch_record(std::span<std::byte> to, const Batch& batch) {
  const auto payload = encode_header(to, RecordType::kBatch);
  store_u32(payload.data(), batch.agency());
  store_u32(payload.data() + kCountAt, batch.size());
  std::ranges::copy(batch.packets(), payload.begin() + kBatchHeaderBytes);
}

void encode_identified_record(std::span<std::byte> to, const IdentifiedBatch& batch) {
  const auto payload =
      encode_header(to, batch.bets ? RecordType::kIdentifiedBatch : RecordType::kRefusedBatch);
  store_u32(payload.data(), batch.agency);
  store_u32(payload.data() + kCountAt,
            batch.bets.value_or(static_cast<std::uint32_t>(batch.content.size())));
  std::ranges::copy(batch.session.bytes, payload.begin() + kSessionAt);
  store_u64(payload.data() + kSequenceAt, batch.sequence);
  store_u64(payload.data() + kBeforeAt, 0);
  if (batch.bets) {
    std::ranges::copy(batch.content, payload.begin() + kIdentityBytes);
  } else {
    std::ranges::copy(digest_of(batch.content), payload.begin() + kIdentityBytes);
  }
}

void encode_finish_record(std::span<std::byte> to, std::uint32_t agency, std::uint64_t bets) {
  const auto payload = encode_header(to, RecordType::kAgencyFinished);
  store_u32(payload.data(), agency);
  store_u64(payload.data() + 4, bets);
}

void encode_draw_record(std::span<std::byte> to, std::uint32_t winning_number) {
  store_u32(encode_header(to, RecordType::kDrawHeld).data(), winning_number);
}

std::size_t batch_record_size(const Batch& batch) noexcept {
  return kRecordHeaderBytes + kBatchHeaderBytes + batch.packets().size();
}

std::size_t identified_record_size(const IdentifiedBatch& batch) noexcept {
  return batch.bets ? kRecordHeaderBytes + kIdentityBytes + batch.content.size()
                    : kRefusedRecordBytes;
}

void set_before(std::span<std::byte> record, std::uint64_t before) noexcept {
  store_u64(record.data() + kRecordHeaderBytes + kBeforeAt, before);
}

SealedRecord seal_record(std::span<std::byte> records, const RecordPlace& place) noexcept {
  const std::size_t size = kRecordHeaderBytes + load_u32(records.data() + kLengthAt);
  const std::span<std::byte> record = records.first(size);
  store_u64(record.data() + kOffsetAt, place.offset);
  store_u64(record.data() + kDurableAt, place.durable);
  store_u64(record.data() + kPreviousAt, place.previous);
  const std::uint64_t checksum = checksum_of_record(place.log_id, record);
  store_u64(record.data(), checksum);
  return {size, checksum};
}

RecordHeader decode_record_header(ByteView bytes) noexcept {
  RecordHeader header;
  header.checksum = load_u64(bytes.data());
  header.magic = as_text(bytes.subspan(kRecordMagicAt, kRecordMagic.size())) == kRecordMagic;
  header.type = std::to_integer<std::uint8_t>(bytes[kTypeAt]);
  header.version = std::to_integer<std::uint8_t>(bytes[kVersionAt]);
  header.reserved = load_u16(bytes.data() + kReservedAt);
  header.length = load_u32(bytes.data() + kLengthAt);
  header.offset = load_u64(bytes.data() + kOffsetAt);
  header.durable = load_u64(bytes.data() + kDurableAt);
  header.previous = load_u64(bytes.data() + kPreviousAt);
  return header;
}

std::uint64_t checksum_of_record(std::uint64_t log_id, ByteView record) noexcept {
  const ByteView covered = record.subspan(sizeof(std::uint64_t));
  return XXH3_64bits_withSeed(covered.data(), covered.size(), log_id);
}

std::optional<Batch> decode_batch_payload(ByteView payload) noexcept {
  if (payload.size() < kBatchHeaderBytes) {
    return std::nullopt;
  }
  return Batch(load_u32(payload.data()), load_u32(payload.data() + 4),
               payload.subspan(kBatchHeaderBytes));
}

std::optional<RecordIdentity> decode_identity(ByteView payload) noexcept {
  if (payload.size() < kIdentityBytes) {
    return std::nullopt;
  }
  RecordIdentity identity;
  identity.agency = load_u32(payload.data());
  identity.count = load_u32(payload.data() + kCountAt);
  std::ranges::copy(payload.subspan(kSessionAt, identity.session.bytes.size()),
                    identity.session.bytes.begin());
  identity.sequence = load_u64(payload.data() + kSequenceAt);
  identity.before = load_u64(payload.data() + kBeforeAt);
  identity.rest = payload.subspan(kIdentityBytes);
  return identity;
}

std::optional<FinishRecord> decode_finish_payload(ByteView payload) noexcept {
  if (payload.size() != kFinishRecordBytes - kRecordHeaderBytes) {
    return std::nullopt;
  }
  return FinishRecord{load_u32(payload.data()), load_u64(payload.data() + 4)};
}

std::optional<std::uint32_t> decode_draw_payload(ByteView payload) noexcept {
  if (payload.size() != kDrawRecordBytes - kRecordHeaderBytes) {
    return std::nullopt;
  }
  return load_u32(payload.data());
}

}  // namespace sorteo
