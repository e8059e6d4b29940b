#include "storage/segment_file.hpp"

#include <array>

#include "storage/file_io.hpp"
#include "storage/log_failure.hpp"
#include "storage/store_files.hpp"

namespace sorteo {

boost::system::result<SegmentFile, StoreFailure> open_segment(const FileSystem& files,
                                                              const std::string& directory,
                                                              std::uint64_t number,
                                                              FileSystem::Open how) {
  SegmentFile segment;
  segment.path = segment_path(directory, number);
  auto file = files.open(segment.path, how);
  if (file.has_error()) {
    return cannot("open", segment.path, file.error());
  }
  segment.file = std::move(*file);
  const auto size = segment.file->size();
  if (size.has_error()) {
    return unreadable(segment.path, 0, size.error());
  }
  segment.size = *size;
  std::array<std::byte, kSegmentHeaderBytes> bytes{};
  const auto read = read_fully(*segment.file, bytes, 0);
  if (read.has_error()) {
    return unreadable(segment.path, 0, read.error());
  }
  const auto header = decode_segment_header(ByteView(bytes).first(*read));
  if (header.has_error()) {
    return header.error() == SegmentHeaderFault::kNewVersion
               ? newer_log(segment.path)
               : damaged(segment.path, 0, 0, describe(header.error()));
  }
  if (header->number != number || header->capacity < kSegmentHeaderBytes) {
    return damaged(segment.path, 0, 0, "the header is of another segment");
  }
  segment.header = *header;
  return segment;
}

std::optional<StoreFailure> check_segment(const SegmentFile& segment, const LogPosition& at,
                                          std::uint64_t log_id) {
  const SegmentHeader& header = segment.header;
  if (log_id != 0 && header.log_id != log_id) {
    return damaged(segment.path, 0, 0, "the segment is of another log");
  }
  if (header.base != at.base || header.previous != at.previous) {
    return damaged(segment.path, 0, 0, "the segment does not follow what stands before it");
  }
  if (segment.size != header.capacity) {
    return damaged(segment.path, std::min(segment.size, header.capacity), 0,
                   "the file has " + std::to_string(segment.size) + " bytes and was made with " +
                       std::to_string(header.capacity));
  }
  return std::nullopt;
}

}  // namespace sorteo
