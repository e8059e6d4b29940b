#include "storage/stored_bets.hpp"

#include <utility>

#include "storage/log_failure.hpp"
#include "storage/log_scan.hpp"
#include "storage/posix_file_system.hpp"
#include "storage/side_files.hpp"
#include "storage/store_files.hpp"

namespace sorteo {

namespace {

struct Reading {
  BatchVisitor* visitor;
  PartVisitor* parts;
  const StoreProgress& progress;
  ReadAheadOptions read_ahead;
};

boost::system::result<StoreSummary, StoreFailure> read(const FileSystem& files,
                                                       const std::string& path,
                                                       const Reading& how) {
  // Before the log: so all that they say of it is true, though a server goes on to write it.
  auto side_files = read_side_files(files, path);
  if (side_files.has_error()) {
    return std::move(side_files).error();
  }
  auto listing = list_store(files, path);
  if (listing.has_error()) {
    return std::move(listing).error();
  }
  if (listing->segments.empty()) {
    return no_store(segment_path(path, 1));
  }
  auto options = full_scan(*side_files, path, listing->segments.back());
  if (options.has_error()) {
    return std::move(options).error();
  }
  options->is_still_closed = [&] {
    const auto now = read_side_files(files, path);
    return now.has_value() && now->testimony && side_files->testimony &&
           now->testimony->counter == side_files->testimony->counter;
  };
  options->visitor = how.visitor;
  options->cursor.parts = how.parts;
  options->progress = how.progress;
  options->cursor.read_ahead = how.read_ahead;
  LogScanner scanner(files, path, {}, {}, std::move(*options));
  if (auto failure = scanner.run()) {
    return std::move(*failure);
  }
  LogScan& scan = scanner.result();
  StoreSummary summary;
  summary.state = scan.ledger.state();
  if (!scan.was_ended) {
    summary.state.winners = winners_of(*side_files, path, scan.segment.log_id, scan.ledger);
  }
  summary.records = scan.ledger.records;
  summary.log_bytes = scan.end.offset;
  summary.torn_tail = std::move(scan.torn_tail);
  summary.segments = scan.segment.number;
  summary.warnings = std::move(side_files->warnings);
  return summary;
}

}  // namespace

boost::system::result<StoreSummary, StoreFailure> read_store(const std::string& path,
                                                             BatchVisitor* visitor,
                                                             const StoreProgress& progress) {
  return read_store(PosixFileSystem(), path, visitor, progress,
                    ReadAheadOptions::for_this_machine());
}

boost::system::result<StoreSummary, StoreFailure> read_store(const FileSystem& files,
                                                             const std::string& path,
                                                             BatchVisitor* visitor,
                                                             const StoreProgress& progress,
                                                             ReadAheadOptions read_ahead) {
  return read(files, path, {visitor, nullptr, progress, read_ahead});
}

boost::system::result<StoreSummary, StoreFailure> read_store_parts(const std::string& path,
                                                                   PartVisitor* visitor,
                                                                   const StoreProgress& progress) {
  return read_store_parts(PosixFileSystem(), path, visitor, progress,
                          ReadAheadOptions::for_this_machine());
}

boost::system::result<StoreSummary, StoreFailure> read_store_parts(const FileSystem& files,
                                                                   const std::string& path,
                                                                   PartVisitor* visitor,
                                                                   const StoreProgress& progress,
                                                                   ReadAheadOptions read_ahead) {
  return read(files, path, {nullptr, visitor, progress, read_ahead});
}

}  // namespace sorteo
