#include "storage/log_reader.hpp"

#include <algorithm>

#include "storage/record_search.hpp"

namespace sorteo {
namespace {

// Whether the payload has a length that its type can have.
bool is_well_formed(RecordType type, ByteView payload) noexcept {
  switch (type) {
    case RecordType::kBatch:
      return decode_batch_payload(payload).has_value();
    case RecordType::kAgencyFinished:
      return decode_finish_payload(payload).has_value();
    case RecordType::kDrawHeld:
      return decode_draw_payload(payload).has_value();
    case RecordType::kIdentifiedBatch:
      return decode_identity(payload).has_value();
    case RecordType::kRefusedBatch:
      return payload.size() == kRefusedRecordBytes - kRecordHeaderBytes;
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

LogReader::LogReader(const File& file, const SegmentHeader& header, std::uint64_t end,
                     ReadAhead* ahead) noexcept
    : file_(file),
      window_(file, end - header.base),
      ahead_(ahead),
      log_id_(header.log_id),
      base_(header.base),
      offset_(header.base + kSegmentHeaderBytes),
      previous_checksum_(header.checksum) {
  start_ahead();
}

LogReader::~LogReader() {
  if (ahead_ != nullptr) {
    ahead_->stop();
  }
}

void LogReader::start_ahead() noexcept {
  if (ahead_ != nullptr && !ahead_->is_started()) {
    ahead_->start({&file_, base_, log_id_, offset_ - base_, window_.end()});
  }
}

LogReader::Step LogReader::bad(RecordFault fault) noexcept {
  is_in_doubt_ = true;
  fault_ = fault;
  return Step::kBad;
}

LogReader::Step LogReader::unreadable(boost::system::error_code error) noexcept {
  error_ = error;
  return Step::kUnreadable;
}

LogReader::Step LogReader::next() {
  if (const auto record = record_ahead()) {
    return take(decode_record_header(*record), *record);
  }
  const Step step = read_record();
  if (step == Step::kRecord) {
    start_ahead();
  }
  return step;
}

// What was read ahead, whole and with the right checksum, unless it was found to be bad.
std::optional<ByteView> LogReader::record_ahead() noexcept {
  if (ahead_ == nullptr) {
    return std::nullopt;
  }
  if (is_in_doubt_) {
    is_in_doubt_ = false;
    ahead_->stop();
  }
  const bool was_started = ahead_->is_started();
  const auto record = ahead_->at(offset_ - base_);
  if (was_started && !record) {
    window_.forget();  // what it holds may be older than what was read ahead
  }
  return record;
}

LogReader::Step LogReader::read_record() {
  const std::uint64_t at = offset_ - base_;
  if (at >= window_.end()) {
    return Step::kEnd;
  }
  auto bytes = window_.at(at, kRecordHeaderBytes);
  if (bytes.has_error()) {
    return unreadable(bytes.error());
  }
  if (is_zero(bytes->first(std::min(bytes->size(), kRecordHeaderBytes)))) {
    return Step::kEnd;
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
  bytes = window_.at(at, size);
  if (bytes.has_error()) {
    return unreadable(bytes.error());
  }
  if (bytes->size() < size) {
    return bad(RecordFault::kCutShort);
  }
  const ByteView record = bytes->first(size);
  if (header.checksum != checksum_of_record(log_id_, record)) {
    return bad(RecordFault::kChecksum);
  }
  return take(header, record);
}

// A record that is whole and has the right checksum.
LogReader::Step LogReader::take(const RecordHeader& header, ByteView record) noexcept {
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
  return Step::kRecord;
}

LogReader::Proof LogReader::find_proof(std::uint64_t suspect) {
  RecordSearch search(window_, offset_ - base_, log_id_);
  // No record of this log could know of durable bytes that were not.
  const auto found = search.next(suspect);
  window_.forget();
  if (found.has_error()) {
    return found.error();
  }
  return found->has_value() ? std::optional(base_ + (*found)->at) : std::nullopt;
}

boost::system::result<std::uint64_t> LogReader::end_of_content() {
  const auto end = sorteo::end_of_content(window_, offset_ - base_);
  window_.forget();
  if (end.has_error()) {
    return end.error();
  }
  return base_ + *end;
}

}  // namespace sorteo
