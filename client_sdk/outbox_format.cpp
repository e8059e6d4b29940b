#include "client_sdk/outbox_format.hpp"

// The hash is compiled in, so that who links this library needs no other for it.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

namespace sorteo::client {
namespace {

// As in PNG's signature, the first byte is no ASCII and the last one a line break, so that a file
// that went through a text conversion is told apart.
constexpr std::string_view kMagic = "\xFEOUTBOX\n";
constexpr std::uint32_t kFormatVersion = 1;
constexpr std::uint32_t kHasSource = 1;

constexpr std::size_t kVersionAt = 8;
constexpr std::size_t kAgencyAt = 12;
constexpr std::size_t kSessionAt = 16;
constexpr std::size_t kSourceAt = 32;
constexpr std::size_t kFlagsAt = 48;
constexpr std::size_t kReservedAt = 52;
constexpr std::size_t kGenerationAt = 56;
constexpr std::size_t kSettledAt = 64;
constexpr std::size_t kBetsTakenAt = 72;
constexpr std::size_t kSettledBetsAt = 80;
constexpr std::size_t kHeaderChecksumAt = 88;

constexpr std::size_t kTypeAt = 12;
constexpr std::size_t kRecordVersionAt = 13;
constexpr std::size_t kRecordReservedAt = 14;
constexpr std::size_t kLengthAt = 16;
constexpr std::size_t kOffsetAt = 20;
constexpr std::size_t kDurableAt = 28;
constexpr std::size_t kPreviousAt = 36;

constexpr std::uint8_t kRecordVersion = 1;
constexpr std::size_t kSettledBytes = 16;

std::uint64_t checksum_of_header(const std::byte* bytes) {
  return XXH3_64bits(bytes, kHeaderChecksumAt);
}

std::string record(const OutboxPlace& place, OutboxRecordType type, std::string_view payload,
                   std::string_view more = {}) {
  std::string bytes(sizeof(std::uint64_t), '\0');
  bytes.reserve(kOutboxRecordHeaderBytes + payload.size() + more.size());
  bytes += kOutboxRecordMagic;
  append_u8(bytes, static_cast<std::uint8_t>(type));
  append_u8(bytes, kRecordVersion);
  append_u16(bytes, 0);
  append_u32(bytes, static_cast<std::uint32_t>(payload.size() + more.size()));
  append_u64(bytes, place.offset);
  append_u64(bytes, place.durable);
  append_u64(bytes, place.previous);
  bytes += payload;
  bytes += more;
  store_u64(reinterpret_cast<std::byte*>(bytes.data()),
            outbox_checksum(place.seed, as_bytes(bytes)));
  return bytes;
}

}  // namespace

std::string encode(OutboxHeader& header) {
  std::string bytes(kMagic);
  append_u32(bytes, kFormatVersion);
  append_u32(bytes, header.agency);
  bytes += as_text(header.session.bytes);
  bytes += as_text(header.source.value_or(std::array<std::byte, 16>{}));
  append_u32(bytes, header.source ? kHasSource : 0);
  append_u32(bytes, 0);
  append_u64(bytes, header.generation);
  append_u64(bytes, header.settled);
  append_u64(bytes, header.bets_taken);
  append_u64(bytes, header.settled_bets);
  header.checksum = checksum_of_header(as_bytes(bytes).data());
  append_u64(bytes, header.checksum);
  return bytes;
}

boost::system::result<OutboxHeader, OutboxHeaderFault> decode_outbox_header(ByteView bytes) {
  if (bytes.size() < kOutboxHeaderBytes) {
    return OutboxHeaderFault::kTooShort;
  }
  const std::byte* const from = bytes.data();
  if (as_text(bytes.first(kMagic.size())) != kMagic) {
    return OutboxHeaderFault::kNotAnOutbox;
  }
  OutboxHeader header;
  header.checksum = load_u64(from + kHeaderChecksumAt);
  if (header.checksum != checksum_of_header(from)) {
    return OutboxHeaderFault::kChecksum;
  }
  const std::uint32_t flags = load_u32(from + kFlagsAt);
  if (load_u32(from + kVersionAt) != kFormatVersion || load_u32(from + kReservedAt) != 0 ||
      (flags & ~kHasSource) != 0) {
    return OutboxHeaderFault::kNewVersion;
  }
  header.agency = load_u32(from + kAgencyAt);
  std::copy_n(from + kSessionAt, header.session.bytes.size(), header.session.bytes.begin());
  if (flags == kHasSource) {
    std::copy_n(from + kSourceAt, header.source.emplace().size(), header.source->begin());
  }
  header.generation = load_u64(from + kGenerationAt);
  header.settled = load_u64(from + kSettledAt);
  header.bets_taken = load_u64(from + kBetsTakenAt);
  header.settled_bets = load_u64(from + kSettledBetsAt);
  return header;
}

std::string batch_record(const OutboxPlace& place, const OutboxBatch& batch) {
  std::string start;
  append_u64(start, batch.sequence);
  append_u64(start, batch.first_bet);
  append_u64(start, batch.bets);
  return record(place, OutboxRecordType::kBatch, start, batch.packets);
}

std::string settled_record(const OutboxPlace& place, std::uint64_t sequence,
                           std::uint64_t stored_bets) {
  std::string payload;
  append_u64(payload, sequence);
  append_u64(payload, stored_bets);
  return record(place, OutboxRecordType::kSettled, payload);
}

std::string mark_record(const OutboxPlace& place) {
  return record(place, OutboxRecordType::kMark, {});
}

std::size_t batch_record_size(const OutboxBatch& batch) noexcept {
  return kOutboxRecordHeaderBytes + kOutboxBatchBytes + batch.packets.size();
}

std::uint64_t checksum_in(ByteView record) noexcept { return load_u64(record.data()); }

std::uint64_t outbox_checksum(std::uint64_t seed, ByteView record) noexcept {
  const ByteView covered = record.subspan(sizeof(std::uint64_t));
  return XXH3_64bits_withSeed(covered.data(), covered.size(), seed);
}

bool OutboxRecordHeader::is_known() const noexcept {
  return type >= static_cast<std::uint8_t>(OutboxRecordType::kBatch) &&
         type <= static_cast<std::uint8_t>(OutboxRecordType::kMark) && version == kRecordVersion &&
         reserved == 0;
}

OutboxRecordHeader decode_outbox_record_header(ByteView bytes) noexcept {
  OutboxRecordHeader header;
  const std::byte* const from = bytes.data();
  header.checksum = load_u64(from);
  header.magic =
      as_text(bytes.subspan(kOutboxRecordMagicAt, kOutboxRecordMagic.size())) == kOutboxRecordMagic;
  header.type = std::to_integer<std::uint8_t>(bytes[kTypeAt]);
  header.version = std::to_integer<std::uint8_t>(bytes[kRecordVersionAt]);
  header.reserved = load_u16(from + kRecordReservedAt);
  header.length = load_u32(from + kLengthAt);
  header.place.offset = load_u64(from + kOffsetAt);
  header.place.durable = load_u64(from + kDurableAt);
  header.place.previous = load_u64(from + kPreviousAt);
  return header;
}

std::optional<OutboxBatch> decode_outbox_batch(ByteView payload) {
  if (payload.size() < kOutboxBatchBytes) {
    return std::nullopt;
  }
  OutboxBatch batch;
  batch.sequence = load_u64(payload.data());
  batch.first_bet = load_u64(payload.data() + 8);
  batch.bets = load_u64(payload.data() + 16);
  batch.packets = as_text(payload.subspan(kOutboxBatchBytes));
  return batch;
}

std::optional<OutboxSettled> decode_outbox_settled(ByteView payload) noexcept {
  if (payload.size() != kSettledBytes) {
    return std::nullopt;
  }
  return OutboxSettled{load_u64(payload.data()), load_u64(payload.data() + 8)};
}

}  // namespace sorteo::client
