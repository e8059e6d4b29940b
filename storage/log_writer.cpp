#include "storage/log_writer.hpp"

#include <cerrno>

#include "storage/file_io.hpp"
#include "storage/log_failure.hpp"
#include "storage/log_record.hpp"

namespace sorteo {
namespace {

bool is_full(boost::system::error_code error) {
  return error == boost::system::error_code(ENOSPC, boost::system::system_category()) ||
         error == boost::system::error_code(EDQUOT, boost::system::system_category());
}

}  // namespace

LogWriter::LogWriter(std::unique_ptr<File> file, std::string path, const LogEnd& end, Sync sync)
    : file_(std::move(file)),
      path_(std::move(path)),
      sync_(sync),
      end_(end),
      durable_(end.offset) {}

boost::system::error_code LogWriter::commit(std::span<std::byte> records) {
  if (failure_) {
    return StoreError::kFailed;
  }
  if (records.empty()) {
    return {};
  }
  const LogEnd before = end_;
  if (const auto error = append(records)) {
    return error;
  }
  if (sync_ == Sync::kEachCommit) {
    if (const auto error = sync()) {
      end_ = before;
      return error;
    }
  }
  return {};
}

boost::system::error_code LogWriter::mark() {
  if (failure_) {
    return StoreError::kFailed;
  }
  if (end_.is_marked || durable_ != end_.offset) {
    return {};
  }
  mark_.clear();
  append_mark_record(mark_);
  const auto error = append(mark_);
  if (error == StoreError::kFull) {
    return {};
  }
  end_.is_marked = !error;
  return error;
}

std::optional<StoreFailure> LogWriter::close() {
  if (!failure_ && durable_ != end_.offset) {
    sync();
  }
  if (!failure_ && !mark() && durable_ != end_.offset) {
    sync();
  }
  file_.reset();
  return failure_;
}

// Returns where the log will end.
LogEnd LogWriter::seal(std::span<std::byte> records) const noexcept {
  LogEnd end = end_;
  end.is_marked = false;
  while (!records.empty()) {
    const auto sealed = seal_record(records, {end.log_id, end.offset, durable_, end.previous});
    end.offset += sealed.size;
    end.previous = sealed.checksum;
    records = records.subspan(sealed.size);
  }
  return end;
}

boost::system::error_code LogWriter::append(std::span<std::byte> records) {
  const LogEnd end = seal(records);
  const auto error = write_fully(*file_, records, end_.offset);
  if (is_full(error)) {
    return undo();
  }
  if (error) {
    return fail("write", error);
  }
  end_ = end;
  return {};
}

boost::system::error_code LogWriter::sync() {
  if (failure_) {
    return StoreError::kFailed;
  }
  if (const auto error = file_->sync_data()) {
    return fail("sync", error);
  }
  durable_ = end_.offset;
  return {};
}

// Takes away what was written of a group that had no room. It must be gone for good before the
// callers hear that it was not stored: they may send it again.
boost::system::error_code LogWriter::undo() {
  if (const auto error = file_->truncate(end_.offset)) {
    return fail("cut off what did not fit in", error);
  }
  if (sync_ == Sync::kEachCommit) {
    if (const auto error = file_->sync()) {
      return fail("sync", error);
    }
    durable_ = end_.offset;
  }
  return StoreError::kFull;
}

boost::system::error_code LogWriter::fail(std::string_view what, boost::system::error_code error) {
  failure_ = cannot(what, path_, error);
  failure_->code = StoreError::kFailed;
  failure_->message += "; the store takes nothing more until it is opened again";
  return StoreError::kFailed;
}

}  // namespace sorteo
