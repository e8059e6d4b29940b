#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/bet_store.hpp"
#include "core/log.hpp"
#include "storage/checkpoint.hpp"
#include "storage/file_system.hpp"
#include "storage/log_record.hpp"
#include "storage/log_scan.hpp"
#include "storage/segment_maker.hpp"
#include "storage/segment_writer.hpp"
#include "storage/witness.hpp"

namespace sorteo {

/// The end of a log, open for writing.
struct OpenLog {
  std::unique_ptr<File> file;  ///< of the last segment
  SegmentHeader segment;
  LogEnd end;  ///< durable up to here
  Witness witness;
};

/// Appends records to a log and makes them durable. Not thread-safe.
///
/// A write that finds no room is undone, and later ones may succeed. After any other error it is
/// unknown what is on the disk: the file is not touched again, and everything fails.
class LogWriter final {
 public:
  enum class Sync {
    kEachCommit,  ///< a commit has succeeded when its records are on the disk
    kWhenAsked,   ///< a commit has succeeded when the system has its records
  };

  /// Works in `directory` of `files`; `maker` and `log` outlive this, too.
  LogWriter(const FileSystem& files, std::string directory, OpenLog open, SegmentMaker& maker,
            Sync sync, Log& log);
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  /// How many bytes of records the segment has room for.
  std::uint64_t room() const noexcept;

  /// Turns to the next segment, which has room for a record of `bytes` bytes. It is part of the log
  /// from the next commit on, if that succeeds. Errors: kFull, when nothing has changed; kFailed.
  boost::system::error_code roll(std::size_t bytes);

  /// Where the segment begins that roll() has turned to, until the next commit.
  std::optional<LogPosition> rolling_to() const;

  /// Gives the next record, as append_*_record made it, its place at the end of the log.
  struct Place {
    std::uint64_t offset;
    std::uint64_t checksum;
  };
  Place seal(std::span<std::byte> record) noexcept;
  /// Where the next record that is sealed will begin.
  std::uint64_t next_offset() const noexcept { return sealed_.offset; }

  /// Where in a block of the file a record will begin, when `bytes` bytes are sealed before it.
  std::size_t phase_behind(std::size_t bytes) const noexcept;

  /// Writes the records that were sealed since the last commit, which are the first `bytes` bytes
  /// of `records` and fit in room(), in one go, and syncs. Errors: kFull, when nothing of them was
  /// stored; kFailed.
  boost::system::error_code commit(BlockBuffer& records, std::size_t bytes);

  /// Makes durable what is not yet. Errors: kFailed.
  boost::system::error_code sync();

  /// Whether the disk is known to have everything.
  bool is_durable() const noexcept { return durable_ == end_.offset; }

  /// Makes everything durable, says so for the next opening, and closes the file. Nothing on
  /// success.
  [[nodiscard]] std::optional<StoreFailure> close();

  /// The end of the last commit that succeeded.
  std::uint64_t end() const noexcept { return end_.offset; }
  /// The segment that it is in.
  const SegmentHeader& segment() const noexcept { return segment_; }

  /// What went wrong first, once anything has failed with kFailed.
  const std::optional<StoreFailure>& failure() const noexcept { return failure_; }

 private:
  struct Next {
    SegmentWriter file;
    SegmentHeader header;
  };

  boost::system::error_code commit_in_next(BlockBuffer& records, std::size_t bytes);
  boost::system::error_code give_up_next(std::string_view what, boost::system::error_code error);
  boost::system::error_code undo(std::size_t bytes);
  boost::system::error_code fail(std::string_view what, boost::system::error_code error);
  void testify();

  const FileSystem& files_;
  const std::string directory_;
  SegmentMaker& maker_;
  const Sync sync_;
  Log& log_;
  std::string path_;
  std::optional<SegmentWriter> file_;  // until the log is closed
  SegmentHeader segment_;
  LogEnd end_;
  LogEnd sealed_;
  std::uint64_t durable_;
  Witness witness_;
  std::optional<Next> next_;
  std::optional<StoreFailure> failure_;
};

}  // namespace sorteo
