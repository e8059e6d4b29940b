#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/checkpoint.hpp"
#include "storage/file_system.hpp"
#include "storage/ledger.hpp"
#include "storage/log_cursor.hpp"
#include "storage/part_delivery.hpp"
#include "storage/stored_bets.hpp"

namespace sorteo {

/// Where the next record of a log belongs, and what it follows.
struct LogEnd {
  std::uint64_t offset = 0;    ///< in the log
  std::uint64_t previous = 0;  ///< the checksum of the last record, or of the segment's header

  friend bool operator==(const LogEnd&, const LogEnd&) = default;
};

/// What something beside the log says about it: that it was durable up to `end`, where what has the
/// checksum `previous` ended.
struct LogClaim {
  std::uint64_t end = 0;
  std::uint64_t previous = 0;
  bool is_last = false;  ///< and that nothing was written behind it
  std::string source;    ///< the path of what says so
};

/// How to read a log.
struct ScanOptions {
  std::uint64_t last_segment = 1;
  std::vector<LogClaim> claims;
  /// Asked before a log that goes on behind its closing is called damaged: whether that was still
  /// the last word a moment ago. None: it is.
  std::function<bool()> is_still_closed = {};
  BatchVisitor* visitor = nullptr;  ///< sees every batch with bets
  StoreProgress progress = {};
  LogCursor::Options cursor = {};  ///< its parts see every batch, too
  /// Whether to keep in LogScan::before_last what stands before the last segment.
  bool keeps_checkpoint = false;
  /// A checkpoint that was found, encoded, and the segment at which it stands: what is read must
  /// add up to it.
  std::string checkpoint = {};
  std::uint64_t checkpoint_segment = 0;
};

struct LogScan {
  Ledger ledger;
  LogEnd end;
  SegmentHeader segment;  ///< the last one
  std::optional<TornTail> torn_tail;
  /// An encoded checkpoint, if one was asked for and the last segment was not the first to be read.
  std::string before_last;
  /// When the scan failed because of damage: where in the log the first damage is, and in which
  /// segment, which may be one that could not be opened. The ledger may hold more than stands
  /// before.
  std::optional<std::uint64_t> damaged_at;
  std::uint64_t damaged_segment = 0;
  bool was_ended = false;  ///< by the visitor
};

/// Reads a log from the beginning of a segment to its end, checks every record and every claim, and
/// tells a torn tail from damage (docs/storage.md, "Recovery").
class LogScanner final {
 public:
  /// Reads the store in `directory` from `from` on, before which the records add up to `before`.
  LogScanner(const FileSystem& files, const std::string& directory, const LogPosition& from,
             Ledger before, ScanOptions options);

  /// A visitor that ends the visit ends the scan there. Errors: kDamaged with the file, the offset
  /// in it and the number of the record; what the system said.
  std::optional<StoreFailure> run();

  /// What was found: everything, or what stood before the failure.
  LogScan& result() noexcept { return scan_; }

 private:
  using Failure = std::optional<StoreFailure>;

  Failure read();
  Failure begin_segment();
  Failure take_record();
  Failure check_checkpoint();
  Failure check_claims(std::uint64_t start);
  Failure judge();
  bool is_last(LogClaim& claim) const;
  Failure judge_tail(std::uint64_t suspect);
  Failure finish();
  Failure damage_at(std::uint64_t offset, StoreFailure failure);
  void report_progress();

  const FileSystem& files_;
  const std::string directory_;
  ScanOptions options_;
  PartDelivery delivery_;
  LogCursor cursor_;
  LogScan scan_;
  std::uint64_t first_segment_;
  std::uint64_t doubted_ = 0;  // where bad bytes are being read again
  std::uint64_t reported_ = 0;
  std::uint64_t total_ = 0;  // bytes to read, for the progress
  bool is_done_ = false;
};

}  // namespace sorteo
