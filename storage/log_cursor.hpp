#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "storage/checkpoint.hpp"
#include "storage/log_reader.hpp"
#include "storage/segment_file.hpp"

namespace sorteo {

/// Goes over the records of a log, from segment to segment, and checks that they follow each other.
class LogCursor final {
 public:
  struct Options {
    std::uint64_t log_id = 0;  ///< that every segment must have; 0 for that of the first
    std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();  ///< where in the log to end
    bool drops_caches = false;    ///< whether to see what is on the disk alone
    bool takes_any_size = false;  ///< whether a file of another size than it was made with is read
    std::uint64_t records = 0;    ///< how many stand before `from`; for messages
    ReadAheadOptions read_ahead = {};
    PartVisitor* parts = nullptr;  ///< whose parts see the batches that are read ahead
  };

  enum class Step {
    kSegment,  ///< a segment begins: see segment()
    kRecord,   ///< record() is the next one
    kEnd,      ///< the records of the last segment end here
    kBad,      ///< what stands here is not the next record: see fault()
    kFailed,   ///< see failure()
  };

  /// Reads the store in `directory` from the beginning of `from` to the end of segment `last`.
  LogCursor(const FileSystem& files, std::string directory, const LogPosition& from,
            std::uint64_t last, const Options& options);

  /// Goes on to the next record or segment. Anything else leaves the cursor where it is, so that
  /// the same bytes are read again.
  Step next();

  const LogReader::Record& record() const noexcept { return reader_->record(); }
  RecordFault fault() const noexcept { return fault_; }
  const StoreFailure& failure() const noexcept { return *failure_; }

  /// The segment in which the cursor is, after its first step.
  const SegmentFile& segment() const noexcept { return segment_; }
  SegmentFile& segment() noexcept { return segment_; }
  /// Null before the first segment.
  LogReader* reader() noexcept { return reader_ ? &*reader_ : nullptr; }
  bool is_in_last() const noexcept { return segment_.header.number == last_; }
  /// Which segment is, or could not be, opened.
  std::uint64_t number() const noexcept { return next_.segment; }

  /// What is wrong with the bytes at offset(), for a person.
  StoreFailure damage(std::string_view fault) const;
  /// The offset in the file of the segment.
  std::uint64_t file_offset() const noexcept;
  std::uint64_t records() const noexcept { return records_; }

 private:
  Step open_next();
  Step fail(StoreFailure failure);
  Step leave_segment();

  const FileSystem& files_;
  const std::string directory_;
  const std::uint64_t last_;
  Options options_;
  LogPosition next_;  // the segment to open, or that is open
  bool is_open_ = false;
  ReadAhead ahead_;
  SegmentFile segment_;
  std::optional<LogReader> reader_;
  std::uint64_t records_;
  RecordFault fault_{};
  std::optional<StoreFailure> failure_;
};

}  // namespace sorteo
