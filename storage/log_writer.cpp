#include "storage/log_writer.hpp"

#include <utility>

#include "storage/log_failure.hpp"
#include "storage/store_files.hpp"

namespace sorteo {

LogWriter::LogWriter(const FileSystem& files, std::string directory, OpenLog open,
                     SegmentMaker& maker, Sync sync, Log& log)
    : files_(files),
      directory_(std::move(directory)),
      maker_(maker),
      sync_(sync),
      log_(log),
      path_(segment_path(directory_, open.segment.number)),
      file_(std::in_place, std::move(open.file), open.segment.capacity),
      segment_(open.segment),
      end_(open.end),
      sealed_(open.end),
      durable_(open.end.offset),
      witness_(std::move(open.witness)) {}

std::uint64_t LogWriter::room() const noexcept {
  const SegmentHeader& segment = next_ ? next_->header : segment_;
  return segment.base + segment.capacity - sealed_.offset;
}

boost::system::error_code LogWriter::roll(std::size_t bytes) {
  // What gets a later segment, is on the disk: recovery counts on it.
  if (const auto error = sync()) {
    return error;
  }
  auto taken = maker_.take(segment_.capacity, kSegmentHeaderBytes + bytes);
  if (taken.has_error()) {
    return taken.error().may_succeed_later ? make_error_code(StoreError::kFull)
                                           : fail("make a segment behind", taken.error().error);
  }
  next_.emplace(Next{SegmentWriter(std::move(taken->file), taken->capacity), {}});
  SegmentHeader& header = next_->header;
  header.log_id = segment_.log_id;
  header.number = segment_.number + 1;
  header.base = end_.offset;
  header.capacity = taken->capacity;
  header.previous = end_.previous;
  const auto encoded = seal_segment_header(header);
  if (const auto error = next_->file.begin(encoded)) {
    return give_up_next("write a segment behind", error);
  }
  sealed_ = {header.base + kSegmentHeaderBytes, header.checksum};
  return {};
}

std::optional<LogPosition> LogWriter::rolling_to() const {
  return next_ ? std::optional(
                     LogPosition{next_->header.number, next_->header.base, next_->header.previous})
               : std::nullopt;
}

LogWriter::Place LogWriter::seal(std::span<std::byte> record) noexcept {
  const std::uint64_t offset = sealed_.offset;
  const auto sealed = seal_record(record, {segment_.log_id, offset, durable_, sealed_.previous});
  sealed_ = {offset + sealed.size, sealed.checksum};
  return {offset, sealed.checksum};
}

std::size_t LogWriter::phase_behind(std::size_t bytes) const noexcept {
  const SegmentHeader& segment = next_ ? next_->header : segment_;
  return static_cast<std::size_t>((sealed_.offset - segment.base + bytes) % File::kBlock);
}

boost::system::error_code LogWriter::commit(BlockBuffer& records, std::size_t bytes) {
  if (failure_) {
    return StoreError::kFailed;
  }
  if (next_) {
    return commit_in_next(records, bytes);
  }
  if (bytes == 0) {
    return {};
  }
  const auto error = file_->write(records, bytes, end_.offset - segment_.base);
  if (is_full(error)) {
    return undo(bytes);
  }
  if (error) {
    return fail("write", error);
  }
  const LogEnd before = std::exchange(end_, sealed_);
  if (sync_ == Sync::kEachCommit) {
    if (const auto failed = sync()) {
      end_ = before;
      return failed;
    }
  }
  if (end_.offset - segment_.base > segment_.capacity / 2) {
    maker_.prepare_after(segment_.capacity);
  }
  return {};
}

boost::system::error_code LogWriter::sync() {
  if (failure_) {
    return StoreError::kFailed;
  }
  if (is_durable()) {
    return {};
  }
  if (const auto error = file_->sync_data()) {
    return fail("sync", error);
  }
  durable_ = end_.offset;
  testify();
  return {};
}

std::optional<StoreFailure> LogWriter::close() {
  if (!failure_ && file_ && !sync()) {
    if (const auto error = witness_.close(end_.offset, end_.previous)) {
      write_line(log_, LogLevel::kWarning,
                 [&] { return LogLine("store_witness", "fail").with("error", error.message()); });
    }
  }
  file_.reset();
  return failure_;
}

// The header and the first records are made durable before the file gets its name, and nothing in
// it is acknowledged before its name is durable.
boost::system::error_code LogWriter::commit_in_next(BlockBuffer& records, std::size_t bytes) {
  SegmentWriter& file = next_->file;
  if (const auto error = file.write(records, bytes, kSegmentHeaderBytes)) {
    return give_up_next("write a segment behind", error);
  }
  if (const auto error = file.sync_data()) {
    return fail("sync a segment behind", error);
  }
  const std::string path = segment_path(directory_, next_->header.number);
  if (const auto error = files_.rename(within(directory_, kNextSegmentName), path)) {
    return give_up_next("put a segment in place behind", error);
  }
  if (const auto error = files_.sync_directory(directory_)) {
    return fail("sync the directory of", error);
  }
  file_ = std::move(next_->file);
  segment_ = next_->header;
  path_ = path;
  next_.reset();
  end_ = sealed_;
  durable_ = end_.offset;
  testify();
  return {};
}

// Nothing of the next segment is part of the log yet.
boost::system::error_code LogWriter::give_up_next(std::string_view what,
                                                  boost::system::error_code error) {
  if (!is_full(error)) {
    return fail(what, error);
  }
  maker_.discard({next_->file.release(), next_->header.capacity});
  next_.reset();
  sealed_ = end_;
  return StoreError::kFull;
}

// Takes away what was written of a run that had no room. It must be gone for good before the
// callers hear that it was not stored: they may send it again.
boost::system::error_code LogWriter::undo(std::size_t bytes) {
  if (const auto error = file_->clear(end_.offset - segment_.base, bytes)) {
    return fail("clear what did not fit in", error);
  }
  if (const auto error = file_->sync_data()) {
    return fail("sync", error);
  }
  sealed_ = end_;
  durable_ = end_.offset;
  return StoreError::kFull;
}

boost::system::error_code LogWriter::fail(std::string_view what, boost::system::error_code error) {
  failure_ = cannot(what, path_, error);
  failure_->code = StoreError::kFailed;
  failure_->message += "; the store takes nothing more until it is opened again";
  sealed_ = end_;
  return StoreError::kFailed;
}

void LogWriter::testify() {
  if (!witness_.say(end_.offset, end_.previous)) {
    write_line(log_, LogLevel::kWarning, [] {
      return LogLine("store_witness", "fail")
          .with("error", "it cannot be written: a lost end of the log may not be seen");
    });
  }
}

}  // namespace sorteo
