#include "storage/record_block.hpp"

#include <algorithm>

#include "storage/file_io.hpp"
#include "storage/record_batch.hpp"

namespace sorteo {
namespace {

// Where in `bytes`, which stand at `offset` of a log, a record begins that says that it stands
// there; their size when none does.
std::size_t first_record(ByteView bytes, std::uint64_t offset) noexcept {
  const std::string_view text = as_text(bytes);
  std::size_t at = text.find(kRecordMagic, kRecordMagicAt);
  while (at != std::string_view::npos) {
    const std::size_t start = at - kRecordMagicAt;
    if (bytes.size() - start < kRecordHeaderBytes) {
      break;
    }
    if (decode_record_header(bytes.subspan(start)).offset == offset + start) {
      return start;
    }
    at = text.find(kRecordMagic, at + 1);
  }
  return bytes.size();
}

}  // namespace

bool RecordBlock::read(const File& file, std::uint64_t base, std::uint64_t from,
                       std::uint64_t end) noexcept {
  // The last record may begin with the last byte of the block.
  std::size_t held = read_bytes(file, 0, block_ + kRecordHeaderBytes - 1, from, end);
  first_ = first_record(ByteView(bytes_.get(), held), base + from);
  begin_ = from + first_;
  size_ = 0;
  for (std::size_t at = first_; at < block_ && held - at >= kRecordHeaderBytes;) {
    const RecordHeader header = decode_record_header({bytes_.get() + at, kRecordHeaderBytes});
    if (!header.magic || header.length > kMaxRecordPayload) {
      break;
    }
    at += kRecordHeaderBytes + header.length;
    if (at > held) {
      held = read_bytes(file, held, at, from, end);
    }
    if (at > held) {
      break;
    }
    size_ = at - first_;
  }
  return size_ > 0;
}

// Reads on behind the first `held` bytes of what stands at `from`, up to `size` of them, and says
// how many there are then.
std::size_t RecordBlock::read_bytes(const File& file, std::size_t held, std::size_t size,
                                    std::uint64_t from, std::uint64_t end) noexcept {
  size = static_cast<std::size_t>(std::min<std::uint64_t>(size, end - std::min(from, end)));
  if (size > 2 * block_ || size <= held) {
    return held;
  }
  const auto read = read_fully(file, {bytes_.get() + held, size - held}, from + held);
  return read.has_value() ? held + *read : held;
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
