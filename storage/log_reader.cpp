#include "storage/log_reader.hpp"

#include <algorithm>

namespace sorteo {
namespace {

// Whether the payload has a length that its type can have.
bool is_well_formed(RecordType type, ByteView payload) noexcept {
  switch (type) {
    case RecordType::kBatch:
      return decode_batch_payload(payload).has_value();
    case RecordType::kAgencyFinished:
    case RecordType::kDrawHeld:
      return decode_number_payload(payload).has_value();
    case RecordType::kMark:
      return payload.empty();
  }
  return false;
}

}  // namespace

std::string_view describe(RecordFault fault) noexcept {
  switch (fault) {
    case RecordFault::kCutShort:
      return "the record is cut short";
    case RecordFault::kNoRecord:
      return "no record begins here";
    case RecordFault::kElsewhere:
      return "the record belongs elsewhere in the log";
    case RecordFault::kTooLong:
      return "the record's length cannot be right";
    case RecordFault::kChecksum:
      return "the record's checksum is wrong";
    case RecordFault::kBrokenChain:
      return "the record does not follow the one before it";
    case RecordFault::kMalformed:
      return "the record is sound, but holds what no record holds";
  }
  return "unknown fault";
}

LogReader::Step LogReader::bad(RecordFault fault) noexcept {
  fault_ = fault;
  return Step::kBad;
}

LogReader::Step LogReader::unreadable(boost::system::error_code error) noexcept {
  error_ = error;
  return Step::kUnreadable;
}

LogReader::Step LogReader::next() {
  if (offset_ >= window_.end()) {
    return Step::kEnd;
  }
  auto bytes = window_.at(offset_, kRecordHeaderBytes);
  if (bytes.has_error()) {
    return unreadable(bytes.error());
  }
  if (bytes->size() < kRecordHeaderBytes) {
    return bad(RecordFault::kCutShort);
  }
  const RecordHeader header = decode_record_header(*bytes);
  if (!header.magic) {
    return bad(RecordFault::kNoRecord);
  }
  if (header.length > kMaxRecordPayload) {
    return bad(RecordFault::kTooLong);
  }
  const std::size_t size = kRecordHeaderBytes + header.length;
  bytes = window_.at(offset_, size);
  if (bytes.has_error()) {
    return unreadable(bytes.error());
  }
  if (bytes->size() < size) {
    return bad(RecordFault::kCutShort);
  }
  return take(header, bytes->first(size));
}

LogReader::Step LogReader::take(const RecordHeader& header, ByteView record) noexcept {
  if (header.checksum != checksum_of_record(log_id_, record)) {
    return bad(RecordFault::kChecksum);
  }
  if (header.offset != offset_) {
    return bad(RecordFault::kElsewhere);
  }
  if (header.previous != previous_checksum_) {
    return bad(RecordFault::kBrokenChain);
  }
  if (!header.is_known()) {
    return Step::kNewer;
  }
  const auto type = static_cast<RecordType>(header.type);
  const ByteView payload = record.subspan(kRecordHeaderBytes);
  if (header.durable > offset_ || !is_well_formed(type, payload)) {
    return bad(RecordFault::kMalformed);
  }
  record_ = {header, type, payload};
  previous_offset_ = offset_;
  previous_checksum_ = header.checksum;
  offset_ += record.size();
  ++count_;
  return Step::kRecord;
}

LogReader::Proof LogReader::find_proof(std::uint64_t suspect) {
  auto proof = search(suspect);
  window_.forget();
  return proof;
}

LogReader::Proof LogReader::search(std::uint64_t suspect) {
  std::uint64_t at = offset_;
  while (window_.end() - at >= kRecordHeaderBytes) {
    const auto bytes = window_.at(at, kRecordHeaderBytes);
    if (bytes.has_error()) {
      return bytes.error();
    }
    if (bytes->size() < kRecordHeaderBytes) {
      break;
    }
    const std::size_t found = as_text(*bytes).find(kRecordMagic, kRecordMagicAt);
    if (found == std::string_view::npos) {
      // The magic may begin in the last bytes of what was searched.
      at += bytes->size() - (kRecordMagicAt + kRecordMagic.size() - 1);
      continue;
    }
    at += found - kRecordMagicAt;
    const auto proof = try_proof(at, suspect);
    if (proof.has_error() || proof->has_value()) {
      return proof;
    }
    ++at;
  }
  return std::optional<std::uint64_t>();
}

LogReader::Proof LogReader::try_proof(std::uint64_t at, std::uint64_t suspect) {
  constexpr std::optional<std::uint64_t> kNone;
  auto bytes = window_.at(at, kRecordHeaderBytes);
  if (bytes.has_error()) {
    return bytes.error();
  }
  if (bytes->size() < kRecordHeaderBytes) {
    return kNone;
  }
  // It may even stand in the wrong place: no record of this log could know of durable bytes that
  // were not. What is cheap to check comes first, so that hardly any bytes pay for a checksum that
  // are no record.
  const RecordHeader header = decode_record_header(*bytes);
  if (header.durable <= suspect || header.durable > header.offset ||
      header.length > kMaxRecordPayload) {
    return kNone;
  }
  const std::size_t size = kRecordHeaderBytes + header.length;
  bytes = window_.at(at, size);
  if (bytes.has_error()) {
    return bytes.error();
  }
  if (bytes->size() < size || header.checksum != checksum_of_record(log_id_, bytes->first(size))) {
    return kNone;
  }
  return std::optional(at);
}

}  // namespace sorteo
