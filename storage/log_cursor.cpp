#include "storage/log_cursor.hpp"

#include <algorithm>
#include <utility>

#include "storage/log_failure.hpp"

namespace sorteo {

LogCursor::LogCursor(const FileSystem& files, std::string directory, const LogPosition& from,
                     std::uint64_t last, const Options& options)
    : files_(files),
      directory_(std::move(directory)),
      last_(last),
      options_(options),
      next_(from),
      ahead_(options.read_ahead, options.parts),
      records_(options.records) {}

LogCursor::Step LogCursor::next() {
  if (!is_open_) {
    return open_next();
  }
  switch (reader_->next()) {
    case LogReader::Step::kRecord:
      ++records_;
      return Step::kRecord;
    case LogReader::Step::kEnd:
      return leave_segment();
    case LogReader::Step::kBad:
      fault_ = reader_->fault();
      return Step::kBad;
    case LogReader::Step::kNewer:
      return fail(newer_record(segment_.path, file_offset(), records_ + 1));
    case LogReader::Step::kUnreadable:
      return fail(unreadable(segment_.path, file_offset(), reader_->error()));
  }
  return Step::kBad;
}

StoreFailure LogCursor::damage(std::string_view fault) const {
  return damaged(segment_.path, file_offset(), records_ + 1, fault);
}

std::uint64_t LogCursor::file_offset() const noexcept {
  return reader_ ? reader_->offset() - segment_.header.base : 0;
}

LogCursor::Step LogCursor::open_next() {
  reader_.reset();
  auto segment = open_segment(files_, directory_, next_.segment, FileSystem::Open::kRead);
  if (segment.has_error()) {
    return fail(std::move(segment).error());
  }
  segment_ = std::move(*segment);
  if (options_.takes_any_size) {
    segment_.header.capacity = std::min(segment_.header.capacity, segment_.size);
    segment_.size = segment_.header.capacity;
  }
  if (auto failure = check_segment(segment_, next_, options_.log_id)) {
    return fail(std::move(*failure));
  }
  if (options_.drops_caches) {
    segment_.file->drop_cache();
  }
  options_.log_id = segment_.header.log_id;
  reader_.emplace(*segment_.file, segment_.header, std::min(segment_.end(), options_.limit),
                  &ahead_);
  is_open_ = true;
  return Step::kSegment;
}

LogCursor::Step LogCursor::fail(StoreFailure failure) {
  failure_ = std::move(failure);
  return Step::kFailed;
}

// Behind the last record of a segment nothing but zeros may stand.
LogCursor::Step LogCursor::leave_segment() {
  if (reader_->offset() >= options_.limit) {
    return Step::kEnd;
  }
  const auto end = reader_->end_of_content();
  if (end.has_error()) {
    return fail(unreadable(segment_.path, file_offset(), end.error()));
  }
  if (*end != reader_->offset()) {
    fault_ = RecordFault::kNoRecord;
    return Step::kBad;
  }
  if (is_in_last()) {
    return Step::kEnd;
  }
  next_ = {segment_.header.number + 1, reader_->offset(), reader_->previous_checksum()};
  is_open_ = false;
  return open_next();
}

}  // namespace sorteo
