#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "storage/file_window.hpp"
#include "storage/log_record.hpp"
#include "storage/read_ahead.hpp"
#include "storage/segment_header.hpp"

namespace sorteo {

/// Why the bytes at some place of a log are not its next record.
enum class RecordFault {
  kCutShort,     ///< fewer bytes are left than the record has
  kNoRecord,     ///< no record begins there
  kElsewhere,    ///< a record that says that it stands elsewhere
  kTooLong,      ///< the length is over what a record may have
  kChecksum,     ///< the checksum is wrong
  kBrokenChain,  ///< whole and sound, but it follows another record than the one before it
  kMalformed,    ///< whole and sound, but no writer writes this
};

std::string_view describe(RecordFault fault) noexcept;

/// Reads the records of a segment one after the other, and checks all of each. Memory is bounded by
/// the longest record. Offsets count in the log, from its first segment on.
class LogReader final {
 public:
  enum class Step {
    kRecord,      ///< record() is the next one
    kEnd,         ///< the records end here: nothing follows, or no record's header but zeros
    kBad,         ///< what stands here is not the next record: see fault()
    kNewer,       ///< a sound record of a kind that this program does not know
    kUnreadable,  ///< the system could not read: see error()
  };

  using Proof = boost::system::result<std::optional<std::uint64_t>>;

  struct Record {
    RecordHeader header;
    RecordType type;
    ByteView payload;  ///< lives until the next step

    /// All of it: the payload stands behind its header.
    ByteView bytes() const noexcept {
      return {payload.data() - kRecordHeaderBytes, payload.size() + kRecordHeaderBytes};
    }
  };

  /// Begins behind `header` of `file`, which must outlive the reader, and ends at `end` of the log.
  /// `ahead` reads for it, if it is given: it must outlive the reader, and do nothing else until
  /// then.
  LogReader(const File& file, const SegmentHeader& header, std::uint64_t end,
            ReadAhead* ahead = nullptr) noexcept;
  ~LogReader();
  LogReader(const LogReader&) = delete;
  LogReader& operator=(const LogReader&) = delete;

  /// Goes on to the next record. Anything but kRecord leaves the reader where it is, so that the
  /// same bytes are read again.
  Step next();

  const Record& record() const noexcept { return record_; }
  /// Of what was read ahead, the block in which the record stands; null when it was not.
  const RecordBlock* block() const noexcept {
    return ahead_ != nullptr ? ahead_->block() : nullptr;
  }
  RecordFault fault() const noexcept { return fault_; }
  boost::system::error_code error() const noexcept { return error_; }

  /// Where the next record begins: the end of what was found good.
  std::uint64_t offset() const noexcept { return offset_; }
  /// Where the last good record of the segment begins; 0 before the first.
  std::uint64_t previous_offset() const noexcept { return previous_offset_; }
  /// The checksum of the last good record; the header's before the first.
  std::uint64_t previous_checksum() const noexcept { return previous_checksum_; }

  /// Behind the last byte, from offset() on, that is not zero; offset() when all of them are.
  /// Afterwards the next step reads its bytes from the file again. Errors: what the system said.
  boost::system::result<std::uint64_t> end_of_content();

  /// Where, from offset() on, a sound record of this log stands which shows that the bytes at
  /// `suspect` were durable when it was written, and so may have been acknowledged.
  /// Afterwards the next step reads its bytes from the file again. Errors: what the system said.
  Proof find_proof(std::uint64_t suspect);

  /// The memory that it takes up.
  std::size_t capacity() const noexcept { return window_.capacity(); }

 private:
  Step bad(RecordFault fault) noexcept;
  Step unreadable(boost::system::error_code error) noexcept;
  void start_ahead() noexcept;
  std::optional<ByteView> record_ahead() noexcept;
  Step read_record();
  Step take(const RecordHeader& header, ByteView record) noexcept;

  const File& file_;
  FileWindow window_;
  ReadAhead* const ahead_;
  bool is_in_doubt_ = false;  // whether what was read ahead is bad, and to be read again
  const std::uint64_t log_id_;
  const std::uint64_t base_;
  std::uint64_t offset_;
  std::uint64_t previous_offset_ = 0;
  std::uint64_t previous_checksum_;
  Record record_{};
  RecordFault fault_{};
  boost::system::error_code error_;
};

}  // namespace sorteo
