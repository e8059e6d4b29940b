#include "storage/log_scan.hpp"

#include <utility>

#include "storage/log_failure.hpp"
#include "storage/store_files.hpp"

namespace sorteo {
namespace {

constexpr std::uint64_t kProgressStep = 16 * 1024 * 1024;

}  // namespace

LogScanner::LogScanner(const FileSystem& files, const std::string& directory,
                       const LogPosition& from, Ledger before, ScanOptions options)
    : files_(files),
      directory_(directory),
      options_(std::move(options)),
      delivery_(options_.visitor, options_.cursor.parts),
      cursor_(files, directory, from, options_.last_segment, options_.cursor),
      first_segment_(from.segment) {
  scan_.ledger = std::move(before);
  scan_.end = {from.base, from.previous};
  if (options_.progress) {
    for (std::uint64_t number = from.segment; number <= options_.last_segment; ++number) {
      const auto file = files_.open(segment_path(directory_, number), FileSystem::Open::kRead);
      const auto size = file.has_value() ? (*file)->size() : std::uint64_t{0};
      total_ += size.has_value() ? *size : 0;
    }
  }
}

std::optional<StoreFailure> LogScanner::run() {
  auto failure = read();
  if (!delivery_.flush()) {
    scan_.was_ended = true;
  }
  return failure;
}

LogScanner::Failure LogScanner::read() {
  Failure failure;
  while (!is_done_ && !failure) {
    const auto step = cursor_.next();
    if (step != LogCursor::Step::kRecord && !delivery_.flush()) {
      scan_.was_ended = is_done_ = true;
      break;
    }
    switch (step) {
      case LogCursor::Step::kSegment:
        failure = begin_segment();
        break;
      case LogCursor::Step::kRecord:
        failure = take_record();
        break;
      case LogCursor::Step::kEnd:
        failure = finish();
        break;
      case LogCursor::Step::kBad:
        failure = judge();
        break;
      case LogCursor::Step::kFailed:
        failure = damage_at(scan_.end.offset, cursor_.failure());
        scan_.damaged_segment = cursor_.number();
        break;
    }
  }
  return failure;
}

// What the segment before ended with is known here for the last time.
LogScanner::Failure LogScanner::begin_segment() {
  const SegmentHeader& header = cursor_.segment().header;
  scan_.segment = header;
  if (options_.keeps_checkpoint && cursor_.is_in_last() && header.number != first_segment_) {
    scan_.before_last = encode_checkpoint(
        header.log_id, {header.number, header.base, header.previous}, scan_.ledger);
  }
  if (auto failure = check_checkpoint()) {
    return failure;
  }
  scan_.end = {header.base, header.previous};
  if (auto failure = check_claims(header.base)) {
    return failure;
  }
  scan_.ledger.bases.push_back(header.base);
  scan_.end = {cursor_.reader()->offset(), cursor_.reader()->previous_checksum()};
  return check_claims(header.base);
}

LogScanner::Failure LogScanner::check_checkpoint() {
  const SegmentHeader& header = scan_.segment;
  if (header.number != options_.checkpoint_segment ||
      encode_checkpoint(header.log_id, {header.number, header.base, header.previous},
                        scan_.ledger) == options_.checkpoint) {
    return std::nullopt;
  }
  return damage_at(header.base, damaged(within(directory_, kCheckpointName), 0, 0,
                                        "it is sound, but the log before " +
                                            cursor_.segment().path + " adds up to something else"));
}

LogScanner::Failure LogScanner::take_record() {
  const LogReader::Record& record = cursor_.record();
  if (!scan_.ledger.take(record.header, record.type, record.payload)) {
    return damage_at(
        record.header.offset,
        damaged(cursor_.segment().path, record.header.offset - cursor_.segment().header.base,
                cursor_.records(), describe(RecordFault::kMalformed)));
  }
  scan_.end = {cursor_.reader()->offset(), cursor_.reader()->previous_checksum()};
  report_progress();
  if (!delivery_.accept(*cursor_.reader())) {
    scan_.was_ended = is_done_ = true;
    return std::nullopt;
  }
  return check_claims(record.header.offset);
}

// Claims about what was just read, from `start` on.
LogScanner::Failure LogScanner::check_claims(std::uint64_t start) {
  for (const LogClaim& claim : options_.claims) {
    const bool is_about_this = claim.end > start && claim.end <= scan_.end.offset;
    const bool is_about_start = claim.end == start && scan_.end.offset == start;
    if ((is_about_this || is_about_start) &&
        (claim.end != scan_.end.offset || claim.previous != scan_.end.previous)) {
      return damage_at(start, damaged(cursor_.segment().path, start - cursor_.segment().header.base,
                                      cursor_.records(),
                                      "another record was written here, says " + claim.source));
    }
  }
  return std::nullopt;
}

// A server may have opened the log since the claim was read, and written behind it.
bool LogScanner::is_last(LogClaim& claim) const {
  claim.is_last = claim.is_last && (!options_.is_still_closed || options_.is_still_closed());
  return claim.is_last;
}

// Decides what the bad bytes at the cursor are: a torn tail, or damage. Before it calls them damage
// they are read a second time, because beside a server that writes they may have been read too
// early; then it says neither.
LogScanner::Failure LogScanner::judge() {
  LogReader& reader = *cursor_.reader();
  const RecordFault fault = cursor_.fault();
  // A record that follows another one than stands before it is itself sound: then the one before it
  // is not what was written there.
  const bool blames_previous = fault == RecordFault::kBrokenChain && reader.previous_offset() != 0;
  const std::uint64_t suspect = blames_previous ? reader.previous_offset() : reader.offset();
  const auto proof = reader.find_proof(suspect);
  if (proof.has_error()) {
    return unreadable(cursor_.segment().path, cursor_.file_offset(), proof.error());
  }
  const SegmentHeader& header = cursor_.segment().header;
  bool was_durable = proof->has_value() || !cursor_.is_in_last();
  // A segment gets its name with its first record.
  was_durable = was_durable || (header.number > 1 && reader.previous_offset() == 0);
  for (LogClaim& claim : options_.claims) {
    was_durable = was_durable || claim.end > suspect || is_last(claim);
  }
  if (!was_durable) {
    const auto end = reader.end_of_content();
    if (end.has_error()) {
      return unreadable(cursor_.segment().path, cursor_.file_offset(), end.error());
    }
    scan_.torn_tail =
        TornTail{cursor_.file_offset(), *end - reader.offset(), cursor_.segment().path};
    return finish();
  }
  if (doubted_ != reader.offset()) {
    doubted_ = reader.offset();
    return std::nullopt;
  }
  return damage_at(suspect, cursor_.damage(describe(fault)));
}

LogScanner::Failure LogScanner::finish() {
  is_done_ = true;
  if (scan_.end.offset >= options_.cursor.limit) {
    return std::nullopt;
  }
  const SegmentHeader& header = cursor_.segment().header;
  if (header.number > 1 && scan_.end.offset == header.base + kSegmentHeaderBytes) {
    return damage_at(scan_.end.offset,
                     cursor_.damage("the first record of the segment is missing"));
  }
  for (LogClaim& claim : options_.claims) {
    if (claim.end > scan_.end.offset) {
      return damage_at(scan_.end.offset,
                       cursor_.damage("the log ends here, but was on the disk up to offset " +
                                      std::to_string(claim.end) + " of it, says " + claim.source));
    }
    if (claim.end != scan_.end.offset && is_last(claim)) {
      return damage_at(
          claim.end, cursor_.damage("the log goes on, though it was closed, says " + claim.source));
    }
  }
  if (options_.progress) {
    options_.progress(total_, total_);
  }
  return std::nullopt;
}

LogScanner::Failure LogScanner::damage_at(std::uint64_t offset, StoreFailure failure) {
  scan_.damaged_at = offset;
  scan_.damaged_segment = cursor_.number();
  return failure;
}

void LogScanner::report_progress() {
  if (options_.progress && scan_.end.offset - reported_ >= kProgressStep) {
    reported_ = scan_.end.offset;
    options_.progress(std::min(reported_, total_), total_);
  }
}

}  // namespace sorteo
