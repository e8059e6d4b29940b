#include "storage/segment_writer.hpp"

#include <algorithm>
#include <utility>

#include "storage/file_io.hpp"

namespace sorteo {

SegmentWriter::SegmentWriter(std::unique_ptr<File> file, std::uint64_t capacity)
    : file_(std::move(file)),
      bypasses_cache_(capacity % File::kBlock == 0 && file_->bypass_cache()) {}

boost::system::error_code SegmentWriter::begin(ByteView header) {
  if (!bypasses_cache_) {
    return write_fully(*file_, header, 0);
  }
  tail_ = {};
  std::ranges::copy(header, tail_.bytes);
  tail_end_ = header.size();
  return write_fully(*file_, tail_.bytes, 0);
}

boost::system::error_code SegmentWriter::write(BlockBuffer& records, std::size_t count,
                                               std::uint64_t offset) {
  if (!bypasses_cache_) {
    return write_fully(*file_, records.bytes().first(count), offset);
  }
  if (const auto error = know_tail(offset)) {
    return error;
  }
  const auto phase = static_cast<std::size_t>(offset % File::kBlock);
  records.align(phase);
  const BlockBuffer::Frame frame(records, count, ByteView(tail_.bytes).first(phase));
  if (const auto error = write_fully(*file_, frame.blocks(), offset - phase)) {
    return error;
  }
  tail_end_ = offset + count;
  if (*tail_end_ % File::kBlock == 0) {
    tail_ = {};
  } else {
    std::ranges::copy(frame.blocks().last(File::kBlock), tail_.bytes);
  }
  return {};
}

boost::system::error_code SegmentWriter::clear(std::uint64_t offset, std::uint64_t count) {
  if (!bypasses_cache_) {
    return write_zeros(*file_, offset, count);
  }
  if (const auto error = know_tail(offset)) {
    return error;
  }
  const std::uint64_t first = offset - offset % File::kBlock;
  if (const auto error = write_fully(*file_, tail_.bytes, first)) {
    return error;
  }
  const std::uint64_t second = first + File::kBlock;
  const std::uint64_t end = File::whole_blocks(offset + count);
  return end > second ? write_zeros(*file_, second, end - second) : boost::system::error_code();
}

// Of a file that was there before this, the last block is read once.
boost::system::error_code SegmentWriter::know_tail(std::uint64_t offset) {
  if (tail_end_ == offset) {
    return {};
  }
  tail_end_.reset();
  const auto phase = static_cast<std::size_t>(offset % File::kBlock);
  if (phase > 0) {
    const auto read = read_fully(*file_, tail_.bytes, offset - phase);
    if (read.has_error()) {
      return read.error();
    }
  }
  std::ranges::fill(std::span(tail_.bytes).subspan(phase), std::byte{0});
  tail_end_ = offset;
  return {};
}

}  // namespace sorteo
