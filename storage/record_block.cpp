#include "storage/record_block.hpp"

#include <algorithm>

#include "storage/file_io.hpp"
#include "storage/record_batch.hpp"

namespace sorteo {

std::uint64_t RecordBlock::read(const File& file, std::uint64_t from, std::uint64_t end) noexcept {
  begin_ = from;
  size_ = 0;
  const auto room = std::min<std::uint64_t>(bytes_.size(), end - std::min(from, end));
  const auto read = read_fully(file, std::span(bytes_).first(static_cast<std::size_t>(room)), from);
  ByteView rest = ByteView(bytes_).first(read.has_value() ? *read : 0);
  while (rest.size() >= kRecordHeaderBytes) {
    const RecordHeader header = decode_record_header(rest);
    if (!header.magic || header.length > kMaxRecordPayload ||
        header.length > rest.size() - kRecordHeaderBytes) {
      break;
    }
    const std::size_t size = kRecordHeaderBytes + header.length;
    size_ += size;
    rest = rest.subspan(size);
  }
  return begin_ + size_;
}

bool RecordBlock::check(std::uint64_t log_id, PartVisitor* parts) noexcept {
  try {
    ByteView rest = records();
    while (!rest.empty()) {
      const ByteView record = first_of(rest);
      if (decode_record_header(record).checksum != checksum_of_record(log_id, record)) {
        size_ -= rest.size();
        return false;
      }
      if (parts != nullptr) {
        show(record, *parts);
      }
      rest = rest.subspan(record.size());
    }
    return true;
  } catch (...) {
    // Whoever goes over the records comes upon it again.
    clear();
    return false;
  }
}

void RecordBlock::show(ByteView record, PartVisitor& parts) {
  if (part_ == nullptr) {
    part_ = parts.make_part();
  }
  if (const auto batch = batch_in(record)) {
    part_->add(*batch);
  }
}

void RecordBlock::clear() noexcept {
  size_ = 0;
  part_.reset();
}

}  // namespace sorteo
