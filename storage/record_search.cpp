#include "storage/record_search.hpp"

namespace sorteo {

boost::system::result<std::optional<RecordSearch::Found>> RecordSearch::next(
    std::uint64_t suspect) {
  while (at_ < window_.end() && window_.end() - at_ >= kRecordHeaderBytes) {
    const auto bytes = window_.at(at_, kRecordHeaderBytes);
    if (bytes.has_error()) {
      return bytes.error();
    }
    if (bytes->size() < kRecordHeaderBytes) {
      break;
    }
    const std::size_t found = as_text(*bytes).find(kRecordMagic, kRecordMagicAt);
    if (found == std::string_view::npos) {
      // The magic may begin in the last bytes of what was searched.
      at_ += bytes->size() - (kRecordMagicAt + kRecordMagic.size() - 1);
      continue;
    }
    at_ += found - kRecordMagicAt;
    const auto record = try_at(suspect);
    if (record.has_error() || record->has_value()) {
      at_ += record.has_error() ? 0 : kRecordHeaderBytes + (*record)->payload.size();
      return record;
    }
    ++at_;
  }
  return std::optional<Found>();
}

// It may even stand in the wrong place. What is cheap to check comes first, so that hardly any
// bytes pay for a checksum that are no record.
boost::system::result<std::optional<RecordSearch::Found>> RecordSearch::try_at(
    std::uint64_t suspect) {
  constexpr std::optional<Found> kNone;
  auto bytes = window_.at(at_, kRecordHeaderBytes);
  if (bytes.has_error()) {
    return bytes.error();
  }
  if (bytes->size() < kRecordHeaderBytes) {
    return kNone;
  }
  const RecordHeader header = decode_record_header(*bytes);
  if (header.durable <= suspect || header.durable > header.offset ||
      header.length > kMaxRecordPayload) {
    return kNone;
  }
  const std::size_t size = kRecordHeaderBytes + header.length;
  bytes = window_.at(at_, size);
  if (bytes.has_error()) {
    return bytes.error();
  }
  if (bytes->size() < size || header.checksum != checksum_of_record(log_id_, bytes->first(size))) {
    return kNone;
  }
  return std::optional(Found{at_, header, bytes->subspan(kRecordHeaderBytes, header.length)});
}

}  // namespace sorteo
