#include "storage/file_bet_store.hpp"

#include <boost/system/errc.hpp>
#include <mutex>
#include <random>
#include <utility>

#include "storage/background.hpp"
#include "storage/group_commit.hpp"
#include "storage/log_cursor.hpp"
#include "storage/log_failure.hpp"
#include "storage/log_recovery.hpp"
#include "storage/part_delivery.hpp"
#include "storage/posix_file_system.hpp"
#include "storage/store_directory.hpp"
#include "storage/store_files.hpp"
#include "storage/winners_file.hpp"

namespace sorteo {
namespace {

// Not 0, which stands for any.
std::uint64_t random_id() {
  std::random_device random;
  std::uint64_t id = 0;
  while (id == 0) {
    id = (std::uint64_t{random()} << 32) | random();
  }
  return id;
}

}  // namespace

/// Everything that a store owns, in the order in which it is needed.
class FileBetStore::Impl final {
 public:
  Impl(FileStoreOptions options, Log& log, const FileSystem& files, std::unique_ptr<File> lock,
       RecoveredLog recovered)
      : files_(files),
        directory_(options.path),
        log_(log),
        log_id_(recovered.open.segment.log_id),
        recovered_(std::move(recovered.state)),
        read_ahead_(options.own_thread ? options.read_ahead : ReadAheadOptions()),
        lock_(std::move(lock)),
        background_(options.own_thread),
        maker_(files, options.path, options.segments, background_) {
    if (!recovered.checkpoint.empty()) {
      keep_checkpoint(std::move(recovered.checkpoint));
    }
    auto writer = std::make_unique<LogWriter>(files_, directory_, std::move(recovered.open), maker_,
                                              options.durability == Durability::kFsync
                                                  ? LogWriter::Sync::kEachCommit
                                                  : LogWriter::Sync::kWhenAsked,
                                              log_);
    GroupCommitOptions commit;
    commit.max_waiting_bytes = options.max_waiting_bytes;
    if (options.durability == Durability::kInterval) {
      commit.sync_interval = options.sync_interval;
    }
    commit.own_thread = options.own_thread;
    commit.on_failed = std::move(options.on_failed);
    commit.on_checkpoint = [this](std::string bytes) { keep_checkpoint(std::move(bytes)); };
    commit_.emplace(std::move(writer), StoreRules(std::move(recovered.ledger)),
                    BatchFinder(files_, directory_, log_id_), std::move(commit), log_);
  }

  const StoreState& recovered() const noexcept { return recovered_; }
  GroupCommit& commit() noexcept { return *commit_; }

  std::optional<StoreFailure> visit(BatchVisitor* visitor, PartVisitor* parts) const {
    const auto committed = commit_->committed();
    LogCursor::Options options;
    options.log_id = log_id_;
    options.limit = committed.end;
    options.read_ahead = read_ahead_;
    options.parts = parts;
    PartDelivery delivery(visitor, parts);
    LogCursor cursor(files_, directory_, {}, committed.segment, options);
    auto failure = read(cursor, delivery, committed.end);
    static_cast<void>(delivery.flush());
    return failure;
  }

  std::optional<StoreFailure> keep_winners(const WinnersByAgency& winners) {
    const auto draw = commit_->draw();
    if (!draw) {
      return StoreFailure{
          boost::system::errc::make_error_code(boost::system::errc::invalid_argument),
          directory_ + ": the draw has not been held"};
    }
    const std::lock_guard lock(close_mutex_);
    if (lock_ == nullptr) {
      return StoreFailure{make_error_code(StoreError::kClosed), directory_ + ": it is closed"};
    }
    return replace_file(files_, directory_, kWinnersName,
                        encode_winners_file(log_id_, *draw, winners));
  }

  std::optional<StoreFailure> close() {
    const std::lock_guard lock(close_mutex_);
    auto failure = commit_->close();
    maker_.close();
    lock_.reset();
    return failure;
  }

 private:
  // To the end, or until the visit is to end.
  static std::optional<StoreFailure> read(LogCursor& cursor, PartDelivery& delivery,
                                          std::uint64_t end) {
    while (true) {
      switch (cursor.next()) {
        case LogCursor::Step::kSegment:
          break;
        case LogCursor::Step::kRecord:
          if (!delivery.accept(*cursor.reader())) {
            return std::nullopt;
          }
          break;
        case LogCursor::Step::kEnd:
          return cursor.reader()->offset() == end
                     ? std::nullopt
                     : std::optional(cursor.damage("the log ends here, but went on before"));
        case LogCursor::Step::kBad:
          return cursor.damage(describe(cursor.fault()));
        case LogCursor::Step::kFailed:
          return cursor.failure();
      }
    }
  }

  // Without a checkpoint, the next opening has more to read: that is no reason to fail.
  void keep_checkpoint(std::string bytes) noexcept {
    try {
      background_.post([this, bytes = std::move(bytes)] { write_checkpoint(bytes); });
    } catch (const std::exception&) {
      say_no_memory();
    }
  }

  void write_checkpoint(const std::string& bytes) noexcept {
    try {
      if (const auto failure = replace_file(files_, directory_, kCheckpointName, bytes)) {
        write_line(log_, LogLevel::kWarning, [&] {
          return LogLine("store_checkpoint", "fail").with("error", failure->message);
        });
      }
    } catch (const std::exception&) {
      say_no_memory();
    }
  }

  void say_no_memory() const noexcept {
    write_line(log_, LogLevel::kWarning,
               [] { return LogLine("store_checkpoint", "fail").with("error", "out of memory"); });
  }

  const FileSystem& files_;
  const std::string directory_;
  Log& log_;
  const std::uint64_t log_id_;
  const StoreState recovered_;
  const ReadAheadOptions read_ahead_;
  std::mutex close_mutex_;      // held while the directory is changed beside the log
  std::unique_ptr<File> lock_;  // of the directory, until the store is closed
  Background background_;
  SegmentMaker maker_;
  std::optional<GroupCommit> commit_;  // always there; made last
};

boost::system::result<std::unique_ptr<FileBetStore>, StoreFailure> FileBetStore::open(
    FileStoreOptions options, Log& log) {
  static const PosixFileSystem files;
  return open(std::move(options), log, files);
}

boost::system::result<std::unique_ptr<FileBetStore>, StoreFailure> FileBetStore::open(
    FileStoreOptions options, Log& log, const FileSystem& files) {
  auto lock = lock_store_directory(files, options.path);
  if (lock.has_error()) {
    return std::move(lock).error();
  }
  auto recovered = recover_log(files, options.path, random_id(), options.segments.first, log);
  if (recovered.has_error()) {
    return std::move(recovered).error();
  }
  return std::unique_ptr<FileBetStore>(new FileBetStore(std::make_unique<Impl>(
      std::move(options), log, files, std::move(*lock), std::move(*recovered))));
}

FileBetStore::FileBetStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

FileBetStore::~FileBetStore() {
  // A failure has been logged, and there is nobody left to tell.
  static_cast<void>(close());
}

const StoreState& FileBetStore::recovered() const noexcept { return impl_->recovered(); }

void FileBetStore::append(const Batch& batch, Completion done) {
  impl_->commit().append(batch, std::move(done));
}

void FileBetStore::append_once(const IdentifiedBatch& batch, ReceiptCompletion done) {
  impl_->commit().append_once(batch, std::move(done));
}

SessionState FileBetStore::session(std::uint32_t agency, const SessionId& session) const {
  return impl_->commit().session(agency, session);
}

void FileBetStore::record_finish(std::uint32_t agency, Completion done) {
  impl_->commit().record_finish(agency, std::move(done));
}

void FileBetStore::record_counted_finish(std::uint32_t agency, std::uint64_t bets,
                                         CountCompletion done) {
  impl_->commit().record_counted_finish(agency, bets, std::move(done));
}

void FileBetStore::record_draw(std::uint32_t winning_number, Completion done) {
  impl_->commit().record_draw(winning_number, std::move(done));
}

std::optional<StoreFailure> FileBetStore::visit(BatchVisitor& visitor) const {
  return impl_->visit(&visitor, nullptr);
}

std::optional<StoreFailure> FileBetStore::visit_parts(PartVisitor& visitor) const {
  return impl_->visit(nullptr, &visitor);
}

std::optional<StoreFailure> FileBetStore::keep_winners(const WinnersByAgency& winners) {
  return impl_->keep_winners(winners);
}

bool FileBetStore::pump() { return impl_->commit().pump(); }

std::optional<StoreFailure> FileBetStore::close() { return impl_->close(); }

}  // namespace sorteo
