#include "storage/log_recovery.hpp"

#include <algorithm>
#include <utility>

#include "storage/file_io.hpp"
#include "storage/log_failure.hpp"
#include "storage/log_scan.hpp"
#include "storage/side_files.hpp"
#include "storage/store_files.hpp"
#include "storage/torn_tail.hpp"

namespace sorteo {
namespace {

using Failure = std::optional<StoreFailure>;

// Makes the first segment beside its place and moves it there, so that no crash leaves a part of
// it.
Failure make_log(const FileSystem& files, const std::string& directory, std::uint64_t log_id,
                 std::uint64_t capacity) {
  const std::string draft = within(directory, kNextSegmentName);
  const std::string path = segment_path(directory, 1);
  SegmentHeader header;
  header.log_id = log_id;
  header.number = 1;
  header.capacity = capacity;
  auto file = files.open(draft, FileSystem::Open::kCreate);
  if (file.has_error()) {
    return cannot("create", draft, file.error());
  }
  auto error = write_zeros(**file, 0, capacity);
  error = error ? error : write_fully(**file, seal_segment_header(header), 0);
  if (error) {
    return cannot("write", draft, error);
  }
  if (const auto failed = (*file)->sync()) {
    return cannot("sync", draft, failed);
  }
  if (const auto failed = files.rename(draft, path)) {
    return cannot("put a new log in place as", path, failed);
  }
  if (const auto failed = files.sync_directory(directory)) {
    return cannot("sync", directory, failed);
  }
  return std::nullopt;
}

// Opens one log.
class Recovery final {
 public:
  Recovery(const FileSystem& files, const std::string& directory, Log& log)
      : files_(files), directory_(directory), log_(log) {}

  boost::system::result<RecoveredLog, StoreFailure> run(std::uint64_t new_log_id,
                                                        std::uint64_t first_segment_bytes) {
    if (auto failure = look(new_log_id, first_segment_bytes)) {
      return std::move(*failure);
    }
    if (auto failure = scan()) {
      return std::move(*failure);
    }
    if (auto failure = tidy_up()) {
      return std::move(*failure);
    }
    if (auto failure = settle()) {
      return std::move(*failure);
    }
    if (auto failure = open_witness()) {
      return std::move(*failure);
    }
    warn();
    return std::move(found_);
  }

 private:
  // What is there; a new log, if there is none.
  Failure look(std::uint64_t new_log_id, std::uint64_t first_segment_bytes) {
    auto side_files = read_side_files(files_, directory_);
    if (side_files.has_error()) {
      return std::move(side_files).error();
    }
    side_files_ = std::move(*side_files);
    auto listing = list_store(files_, directory_);
    if (listing.has_error()) {
      return std::move(listing).error();
    }
    listing_ = std::move(*listing);
    if (!listing_.segments.empty()) {
      return std::nullopt;
    }
    if (side_files_.checkpoint || side_files_.testimony) {
      return damaged(segment_path(directory_, 1), 0, 0,
                     "the log is missing, of which other files tell");
    }
    listing_.segments.push_back(1);
    std::erase(listing_.names, kNextSegmentName);  // is made anew
    is_new_ = true;
    return make_log(files_, directory_, new_log_id, first_segment_bytes);
  }

  Failure scan() {
    const auto log_id = log_id_of(side_files_, directory_);
    if (log_id.has_error()) {
      return log_id.error();
    }
    ScanOptions options;
    options.last_segment = listing_.segments.back();
    options.claims = claims_of(side_files_, directory_);
    options.keeps_checkpoint = true;
    options.cursor.log_id = *log_id;
    // After a sync that failed the system may show as written what is not on the disk, to the next
    // program as well.
    options.cursor.drops_caches = true;
    LogPosition from;
    Ledger before;
    if (side_files_.checkpoint) {
      from = side_files_.checkpoint->at;
      before = std::move(side_files_.checkpoint->ledger);
      options.cursor.records = before.records;
    }
    if (from.segment > options.last_segment) {
      return damaged(segment_path(directory_, from.segment), 0, 0, "the file is missing");
    }
    LogScanner scanner(files_, directory_, from, std::move(before), std::move(options));
    if (auto failure = scanner.run()) {
      return failure;
    }
    scan_ = std::move(scanner.result());
    return std::nullopt;
  }

  // Removes what a process left that was killed while it made a file. What a segment that did not
  // get its name holds was never acknowledged, but is kept like a torn tail: under another name,
  // since the disk may have no room for a copy.
  Failure tidy_up() {
    const std::vector<std::string> names = listing_.names;
    for (const std::string& name : names) {
      if (!name.ends_with(".new")) {
        continue;
      }
      const std::string path = within(directory_, name);
      std::uint64_t content = 0;
      if (name == kNextSegmentName) {
        auto found = content_of_unnamed_segment(path);
        if (found.has_error()) {
          return std::move(found).error();
        }
        content = *found;
      }
      if (auto failure = content > 0 ? rename_away(path, content) : remove(path)) {
        return failure;
      }
    }
    return std::nullopt;
  }

  Failure remove(const std::string& path) {
    if (const auto error = files_.remove(path)) {
      return cannot("remove", path, error);
    }
    return std::nullopt;
  }

  Failure rename_away(const std::string& path, std::uint64_t bytes) {
    const std::string name = free_name(listing_, "cut-" + std::to_string(scan_.end.offset) + "-");
    if (const auto error = files_.rename(path, within(directory_, name))) {
      return cannot("rename", path, error);
    }
    if (const auto error = files_.sync_directory(directory_)) {
      return cannot("sync", directory_, error);
    }
    note_kept(path, 0, bytes, name);
    return std::nullopt;
  }

  // How many bytes of it are not zeros at the end; 0 when no record has been written there.
  boost::system::result<std::uint64_t, StoreFailure> content_of_unnamed_segment(
      const std::string& path) {
    const auto file = files_.open(path, FileSystem::Open::kRead);
    if (file.has_error()) {
      return cannot("open", path, file.error());
    }
    const auto size = (*file)->size();
    if (size.has_error()) {
      return unreadable(path, 0, size.error());
    }
    // The reader begins behind a header: so this one sees whether records follow it.
    LogReader reader(**file, SegmentHeader(), *size);
    const auto end = reader.end_of_content();
    if (end.has_error()) {
      return unreadable(path, 0, end.error());
    }
    return *end == reader.offset() ? 0 : *end;
  }

  // Makes the log end where its good part ends, and all of it durable: what was read may have been
  // in the system's memory alone, and every later record says that it is on the disk.
  Failure settle() {
    const std::string path = segment_path(directory_, scan_.segment.number);
    if (scan_.torn_tail) {
      const TornTail& torn = *scan_.torn_tail;
      if (auto failure = keep(path, torn.offset, torn.bytes)) {
        return failure;
      }
      if (auto failure = zero_bytes(files_, path, torn.offset, torn.bytes)) {
        return failure;
      }
    }
    auto file = files_.open(path, FileSystem::Open::kWrite);
    if (file.has_error()) {
      return cannot("open", path, file.error());
    }
    if (const auto error = (*file)->sync()) {
      return cannot("sync", path, error);
    }
    // Whoever gave the last segment its name may have been killed before this.
    if (const auto error = files_.sync_directory(directory_)) {
      return cannot("sync", directory_, error);
    }
    found_.open.file = std::move(*file);
    found_.open.segment = scan_.segment;
    found_.open.end = scan_.end;
    found_.state = scan_.ledger.state();
    found_.state.winners = winners_of(side_files_, directory_, scan_.segment.log_id, scan_.ledger);
    found_.ledger = std::move(scan_.ledger);
    found_.checkpoint = std::move(scan_.before_last);
    return std::nullopt;
  }

  // Keeps bytes that are taken out of the log, in a file of their own.
  Failure keep(const std::string& path, std::uint64_t offset, std::uint64_t bytes) {
    const std::string name = free_name(listing_, "cut-" + std::to_string(scan_.end.offset) + "-");
    if (auto failure = keep_bytes(files_, path, offset, bytes, directory_, name)) {
      return failure;
    }
    note_kept(path, offset, bytes, name);
    return std::nullopt;
  }

  void note_kept(const std::string& path, std::uint64_t offset, std::uint64_t bytes,
                 const std::string& name) {
    listing_.names.push_back(name);
    log_.write(LogLevel::kWarning, LogLine("store_cut_torn_tail", "success")
                                       .with("path", path)
                                       .with("offset", offset)
                                       .with("bytes", bytes)
                                       .with("kept_in", within(directory_, name))
                                       .str());
  }

  Failure open_witness() {
    const bool is_expected = !is_new_ && found_.ledger.records > 0;
    if (is_expected && !side_files_.testimony) {
      side_files_.warnings.push_back(within(directory_, kWitnessName) +
                                     ": no testimony was found: whether the log has lost its end "
                                     "cannot be seen");
    }
    const Testimony end{scan_.segment.log_id, 0, scan_.end.offset, scan_.end.previous, false};
    std::optional<std::uint64_t> counter;
    if (side_files_.has_witness) {
      counter = side_files_.testimony ? side_files_.testimony->counter : 0;
    }
    auto witness = Witness::open(files_, directory_, end, counter);
    if (witness.has_error()) {
      if (side_files_.has_witness || !is_full(witness.error().code)) {
        return std::move(witness).error();
      }
      side_files_.warnings.push_back(witness.error().message);
      found_.open.witness = Witness(nullptr, end);
      return std::nullopt;
    }
    found_.open.witness = std::move(*witness);
    return std::nullopt;
  }

  void warn() {
    for (const std::string& warning : side_files_.warnings) {
      write_line(log_, LogLevel::kWarning,
                 [&] { return LogLine("open_store", "in_progress").with("warning", warning); });
    }
  }

  const FileSystem& files_;
  const std::string& directory_;
  Log& log_;
  SideFiles side_files_;
  StoreFiles listing_;
  bool is_new_ = false;
  LogScan scan_;
  RecoveredLog found_;
};

}  // namespace

boost::system::result<RecoveredLog, StoreFailure> recover_log(const FileSystem& files,
                                                              const std::string& directory,
                                                              std::uint64_t new_log_id,
                                                              std::uint64_t first_segment_bytes,
                                                              Log& log) {
  return Recovery(files, directory, log)
      .run(new_log_id, std::max<std::uint64_t>(first_segment_bytes, kSegmentHeaderBytes));
}

}  // namespace sorteo
