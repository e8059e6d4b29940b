#pragma once

#include <algorithm>
#include <boost/system/result.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "storage/checkpoint.hpp"
#include "storage/file_system.hpp"
#include "storage/segment_header.hpp"

namespace sorteo {

/// A segment that was opened and whose header is sound.
struct SegmentFile {
  std::unique_ptr<File> file;
  std::string path;
  SegmentHeader header;
  std::uint64_t size = 0;  ///< of the file, in bytes

  /// Where in the log the bytes end that both the header and the file have.
  std::uint64_t end() const noexcept { return header.base + std::min(header.capacity, size); }
};

/// Opens segment `number` of the store in `directory`. Errors: kDamaged when its header is not one,
/// or of another segment; a version of the format that is not known; what the system said.
boost::system::result<SegmentFile, StoreFailure> open_segment(const FileSystem& files,
                                                              const std::string& directory,
                                                              std::uint64_t number,
                                                              FileSystem::Open how);

/// Why the segment does not stand where `at` says, or its file has not the size that it was made
/// with; nothing when all is well. `log_id` 0 stands for any.
std::optional<StoreFailure> check_segment(const SegmentFile& segment, const LogPosition& at,
                                          std::uint64_t log_id);

}  // namespace sorteo
