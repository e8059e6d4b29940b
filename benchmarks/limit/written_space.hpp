#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/bytes.hpp"

namespace sorteo::limit {

/// Throws what the last system call failed with.
[[noreturn]] void throw_errno(const std::string& what);

/// How bytes get to the disk.
enum class WriteWay {
  kBuffered,  ///< through the system's memory
  kDirect,    ///< past it: whole blocks only, which begin at a multiple of a block in memory
};

/// Segments on the disk whose space was really written with zeros, and synced, before anything is
/// measured; so a later fdatasync flushes data alone. They are written one after the other, and the
/// first again after the last. Not thread-safe. Throws std::system_error when the disk fails: a
/// measurement that loses bytes is worth nothing.
class WrittenSpace final {
 public:
  static constexpr std::size_t kSegmentBytes = std::size_t{64} * 1024 * 1024;
  static constexpr std::size_t kBlockBytes = 4096;

  /// Makes segments of `bytes` bytes together, rounded up, in `directory`, which is made when it is
  /// missing.
  WrittenSpace(const std::string& directory, std::uint64_t bytes,
               WriteWay way = WriteWay::kBuffered);
  ~WrittenSpace();
  WrittenSpace(const WrittenSpace&) = delete;
  WrittenSpace& operator=(const WrittenSpace&) = delete;

  /// Writes `bytes` behind what was appended before. A segment that is full is synced on the way.
  void append(ByteView bytes);

  /// Makes durable all that was appended.
  void sync();

  WriteWay way() const noexcept { return way_; }

  /// How many bytes were appended.
  std::uint64_t appended() const noexcept { return appended_; }

 private:
  void add_segment(const std::string& path);
  void write(ByteView bytes);

  const WriteWay way_;
  std::vector<int> segments_;
  std::size_t current_ = 0;
  std::size_t at_ = 0;  // in the current segment
  std::uint64_t appended_ = 0;
};

}  // namespace sorteo::limit
