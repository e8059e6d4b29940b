#pragma once

#include <atomic>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "storage/background.hpp"
#include "storage/file_system.hpp"
#include "storage/segment_pace.hpp"

namespace sorteo {

/// How large the files of a log are made.
struct SegmentSizes {
  std::uint64_t first = 1024 * 1024;      ///< bytes; each one is made twice as large as the former
  std::uint64_t most = 64 * 1024 * 1024;  ///< bytes, unless one record needs more
};

/// A file that reads as zeros, on the disk with its size, under the name kNextSegmentName.
struct PreparedSegment {
  std::unique_ptr<File> file;
  std::uint64_t capacity = 0;  ///< bytes
};

/// Makes the files that become segments. Their bytes are really written, because only then does a
/// later write need nothing beside the data itself to be durable. But nobody waits for that: what
/// is not written when a segment is needed, or would not be in time, is only allocated, if the file
/// bypasses the system's cache. Then a commit takes a little longer, and the disk does not write
/// everything twice. Thread-safe, except that one thread alone takes and discards.
class SegmentMaker final {
 public:
  struct Refusal {
    boost::system::error_code error;
    bool may_succeed_later = false;  ///< there was no room, or nothing had been written yet
  };

  /// Works in `directory`, ahead on `background`; all of them must outlive this.
  SegmentMaker(const FileSystem& files, std::string directory, const SegmentSizes& sizes,
               Background& background);

  /// Begins to make the segment behind one with `capacity` bytes, unless one is there or is being
  /// made, or that has failed since the last one was taken. Without success nothing is left of it.
  void prepare_after(std::uint64_t capacity) noexcept;

  /// The segment behind one with `capacity` bytes, with `least` bytes at least: the one that was
  /// made ahead, or one that is made now. When there is no room for it, a small one.
  boost::system::result<PreparedSegment, Refusal> take(std::uint64_t capacity, std::uint64_t least);

  /// Removes a file that was taken and not put in place, so that others have its room.
  void discard(PreparedSegment segment) noexcept;

  /// Waits for what is being made, and removes what is left.
  void close() noexcept;

 private:
  void make_ahead(std::uint64_t capacity) noexcept;
  std::uint64_t size_after(std::uint64_t capacity) const noexcept;
  boost::system::result<PreparedSegment, Refusal> make(std::uint64_t capacity);
  boost::system::error_code fill(File& file, std::uint64_t capacity);

  const FileSystem& files_;
  const std::string directory_;
  const std::string path_;
  const SegmentSizes sizes_;
  Background& background_;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_making_ = false;
  bool gave_up_ahead_ = false;  // so that a full disk is not filled again with every commit
  bool found_no_room_ = false;  // so that the next try begins small
  std::optional<PreparedSegment> ready_;
  SegmentPace pace_;
  std::atomic<bool> is_hasty_ = false;  // what is not written yet, is only allocated
};

}  // namespace sorteo
