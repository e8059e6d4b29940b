#include "storage/store_directory.hpp"

#include <boost/system/errc.hpp>
#include <filesystem>
#include <optional>

#include "storage/log_failure.hpp"
#include "storage/store_files.hpp"

namespace sorteo {
namespace {

using Failure = std::optional<StoreFailure>;

std::string parent_of(const std::filesystem::path& path) {
  const std::string parent = path.parent_path().string();
  return parent.empty() ? "." : parent;
}

// Whether a directory that is not synced for this reason is one in which this program makes
// nothing: it may not read it, or the file system is one that does not change.
bool cannot_hold_what_was_made(boost::system::error_code error) {
  namespace errc = boost::system::errc;
  return error == errc::permission_denied || error == errc::read_only_file_system ||
         error == errc::invalid_argument;
}

// Makes `path` and the directories above it that are missing, each of them durably.
Failure make_directories(const FileSystem& files, const std::string& path) {
  std::filesystem::path made;
  for (const auto& part : std::filesystem::path(path)) {
    made /= part;
    if (part.empty() || part == "." || part == ".." || made == made.root_path()) {
      continue;
    }
    const auto error = files.make_directory(made.string());
    const bool was_there = error == boost::system::errc::file_exists;
    if (error && !was_there) {
      return cannot("make the directory", made.string(), error);
    }
    // Of one that was there, too: whoever made it may have been killed before this.
    const auto failed = files.sync_directory(parent_of(made));
    if (failed && !(was_there && cannot_hold_what_was_made(failed))) {
      return cannot("sync", parent_of(made), failed);
    }
  }
  return std::nullopt;
}

}  // namespace

boost::system::result<std::unique_ptr<File>, StoreFailure> lock_store_directory(
    const FileSystem& files, const std::string& path) {
  if (auto failure = make_directories(files, path)) {
    return std::move(*failure);
  }
  return lock_present_store_directory(files, path);
}

boost::system::result<std::unique_ptr<File>, StoreFailure> lock_present_store_directory(
    const FileSystem& files, const std::string& path) {
  const std::string name = within(path, kLockName);
  auto lock = files.open_locked(name);
  if (lock.has_error()) {
    return lock.error() == StoreError::kLocked ? cannot("open the store", path, lock.error())
                                               : cannot("lock", name, lock.error());
  }
  return std::move(*lock);
}

}  // namespace sorteo
