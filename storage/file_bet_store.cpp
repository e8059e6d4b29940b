#include "storage/file_bet_store.hpp"

#include <boost/system/errc.hpp>
#include <random>
#include <utility>

#include "storage/group_commit.hpp"
#include "storage/log_failure.hpp"
#include "storage/log_reader.hpp"
#include "storage/log_scan.hpp"
#include "storage/log_writer.hpp"
#include "storage/posix_file_system.hpp"
#include "storage/store_directory.hpp"
#include "storage/store_rules.hpp"

namespace sorteo {
namespace {

std::uint64_t random_id() {
  std::random_device random;
  return (std::uint64_t{random()} << 32) | random();
}

// Makes the log end where its good part ends, and all of it durable: what was read may have been in
// the system's memory alone, and every later record says that it is on the disk.
std::optional<StoreFailure> settle_end(File& file, const std::string& path,
                                       const StoreSummary& summary, Log& log) {
  if (summary.torn_tail) {
    if (const auto error = file.truncate(summary.torn_tail->offset)) {
      return cannot("cut off the torn tail of", path, error);
    }
  }
  if (const auto error = file.sync()) {
    return cannot("sync", path, error);
  }
  if (summary.torn_tail) {
    log.write(LogLevel::kWarning, LogLine("store_cut_torn_tail", "success")
                                      .with("path", path)
                                      .with("offset", summary.torn_tail->offset)
                                      .with("bytes", summary.torn_tail->bytes)
                                      .str());
  }
  return std::nullopt;
}

}  // namespace

boost::system::result<std::unique_ptr<FileBetStore>, StoreFailure> FileBetStore::open(
    FileStoreOptions options, Log& log) {
  static const PosixFileSystem files;
  return open(std::move(options), log, files);
}

boost::system::result<std::unique_ptr<FileBetStore>, StoreFailure> FileBetStore::open(
    FileStoreOptions options, Log& log, const FileSystem& files) {
  auto directory = open_store_directory(files, options.path, random_id());
  if (directory.has_error()) {
    return std::move(directory).error();
  }
  const std::string path = sorteo::log_path(options.path);
  // After a sync that failed the system may show as written what is not on the disk, to the next
  // program as well.
  directory->log->drop_cache();
  auto scan = scan_log(*directory->log, path, nullptr);
  if (scan.has_error()) {
    return std::move(scan).error();
  }
  if (auto failure = settle_end(*directory->log, path, scan->summary, log)) {
    return std::move(*failure);
  }
  auto writer = std::make_unique<LogWriter>(std::move(directory->log), path, scan->end,
                                            options.durability == Durability::kFsync
                                                ? LogWriter::Sync::kEachCommit
                                                : LogWriter::Sync::kAtClose);
  writer->mark();
  if (writer->failure()) {
    return *writer->failure();
  }
  StoreState recovered = std::move(scan->summary.state);
  auto commit = std::make_unique<GroupCommit>(
      std::move(writer), StoreRules(recovered),
      GroupCommitOptions{options.max_waiting_bytes, options.idle_mark,
                         options.durability == Durability::kInterval
                             ? std::optional(options.sync_interval)
                             : std::nullopt,
                         options.own_thread, std::move(options.on_failed)},
      log);
  return std::unique_ptr<FileBetStore>(
      new FileBetStore(files, path, std::move(recovered), scan->end.log_id,
                       std::move(directory->lock), std::move(commit)));
}

FileBetStore::FileBetStore(const FileSystem& files, std::string log_path, StoreState recovered,
                           std::uint64_t log_id, std::unique_ptr<File> lock,
                           std::unique_ptr<GroupCommit> commit)
    : files_(files),
      log_path_(std::move(log_path)),
      recovered_(std::move(recovered)),
      log_id_(log_id),
      lock_(std::move(lock)),
      commit_(std::move(commit)) {}

FileBetStore::~FileBetStore() {
  // A failure has been logged, and there is nobody left to tell.
  static_cast<void>(close());
}

void FileBetStore::append(const Batch& batch, Completion done) {
  commit_->append(batch, std::move(done));
}

// The log of this version holds no identities yet.
void FileBetStore::append_once(const IdentifiedBatch&, ReceiptCompletion done) {
  done(boost::system::errc::make_error_code(boost::system::errc::not_supported), {});
}

SessionState FileBetStore::session(std::uint32_t, const SessionId&) const { return {}; }

void FileBetStore::record_counted_finish(std::uint32_t, std::uint64_t, CountCompletion done) {
  done(boost::system::errc::make_error_code(boost::system::errc::not_supported), 0);
}

std::optional<StoreFailure> FileBetStore::keep_winners(const WinnersByAgency&) {
  return std::nullopt;
}

void FileBetStore::record_finish(std::uint32_t agency, Completion done) {
  commit_->record_finish(agency, std::move(done));
}

void FileBetStore::record_draw(std::uint32_t winning_number, Completion done) {
  commit_->record_draw(winning_number, std::move(done));
}

std::optional<StoreFailure> FileBetStore::visit(BatchVisitor& visitor) const {
  const std::uint64_t end = commit_->committed_end();
  const auto file = files_.open(log_path_, FileSystem::Open::kRead);
  if (file.has_error()) {
    return cannot("open", log_path_, file.error());
  }
  auto header = read_log_header(**file, log_path_);
  if (header.has_error()) {
    return std::move(header).error();
  }
  if (header->log_id != log_id_) {
    return damaged(log_path_, 0, 0, "another log stands in the place of the one that was opened");
  }
  LogReader reader(**file, *header, end);
  while (true) {
    switch (reader.next()) {
      case LogReader::Step::kRecord:
        if (reader.record().type == RecordType::kBatch &&
            !visitor.visit(*decode_batch_payload(reader.record().payload))) {
          return std::nullopt;
        }
        break;
      case LogReader::Step::kEnd:
        return std::nullopt;
      case LogReader::Step::kBad:
        return damaged(log_path_, reader.offset(), reader.count() + 1, describe(reader.fault()));
      case LogReader::Step::kNewer:
        return newer_record(log_path_, reader.offset(), reader.count() + 1);
      case LogReader::Step::kUnreadable:
        return unreadable(log_path_, reader.offset(), reader.error());
    }
  }
}

bool FileBetStore::pump() { return commit_->pump(); }

std::optional<StoreFailure> FileBetStore::close() {
  const std::lock_guard lock(close_mutex_);
  auto failure = commit_->close();
  lock_.reset();
  return failure;
}

}  // namespace sorteo
