#pragma once

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/bytes.hpp"
#include "storage/block_buffer.hpp"
#include "storage/file.hpp"

namespace sorteo {

/// A file of the log as the one who writes sees it: what is written always follows what was there.
///
/// Where the system lets it, it writes past the system's cache, which spares a copy of every byte.
/// That goes in whole blocks: then the last one is written again, with the same bytes at its start,
/// whenever something is added to it, as the system does with the pages of its cache. Not
/// thread-safe.
class SegmentWriter final {
 public:
  /// Writes nothing yet. `capacity` is the size of the file.
  SegmentWriter(std::unique_ptr<File> file, std::uint64_t capacity);

  /// Writes the header, at the start of a file full of zeros.
  boost::system::error_code begin(ByteView header);

  /// Writes the first `count` bytes of `records`, which may move in it, to where the file's content
  /// ends, at `offset`. After an error, any part of it may have been written.
  boost::system::error_code write(BlockBuffer& records, std::size_t count, std::uint64_t offset);

  /// Writes zeros over what a write() of `count` bytes at `offset`, where the content ends, that
  /// has failed may have left.
  boost::system::error_code clear(std::uint64_t offset, std::uint64_t count);

  /// Makes durable what was written.
  boost::system::error_code sync_data() { return file_->sync_data(); }

  /// Gives the file back.
  std::unique_ptr<File> release() noexcept { return std::move(file_); }

 private:
  struct alignas(File::kBlock) Block {
    std::byte bytes[File::kBlock];
  };

  boost::system::error_code know_tail(std::uint64_t offset);

  std::unique_ptr<File> file_;
  bool bypasses_cache_;
  Block tail_{};                           // if so, the block in which the content ends
  std::optional<std::uint64_t> tail_end_;  // where the content ends of which it is the last block
};

}  // namespace sorteo
