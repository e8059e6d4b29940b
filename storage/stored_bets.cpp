#include "storage/stored_bets.hpp"

#include "storage/log_failure.hpp"
#include "storage/log_scan.hpp"
#include "storage/posix_file_system.hpp"
#include "storage/store_directory.hpp"

namespace sorteo {

boost::system::result<StoreSummary, StoreFailure> read_store(const std::string& path,
                                                             BatchVisitor* visitor,
                                                             const StoreProgress& progress) {
  return read_store(PosixFileSystem(), path, visitor, progress);
}

boost::system::result<StoreSummary, StoreFailure> read_store(const FileSystem& files,
                                                             const std::string& path,
                                                             BatchVisitor* visitor,
                                                             const StoreProgress& progress) {
  const std::string name = log_path(path);
  const auto file = files.open(name, FileSystem::Open::kRead);
  if (file.has_error()) {
    return cannot("open the log of a store", name, file.error());
  }
  auto scan = scan_log(**file, name, visitor);
  if (scan.has_error()) {
    return std::move(scan).error();
  }
  if (progress) {
    progress(scan->summary.log_bytes, scan->summary.log_bytes);
  }
  return std::move(scan->summary);
}

}  // namespace sorteo
