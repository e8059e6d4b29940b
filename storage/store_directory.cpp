#include "storage/store_directory.hpp"

#include <boost/system/errc.hpp>
#include <filesystem>
#include <optional>

#include "storage/file_io.hpp"
#include "storage/log_failure.hpp"
#include "storage/log_header.hpp"

namespace sorteo {
namespace {

using Failure = std::optional<StoreFailure>;

std::string within(const std::string& directory, std::string_view name) {
  return (std::filesystem::path(directory) / name).string();
}

std::string parent_of(const std::filesystem::path& path) {
  const std::string parent = path.parent_path().string();
  return parent.empty() ? "." : parent;
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
    if (error == boost::system::errc::file_exists) {
      continue;
    }
    if (error) {
      return cannot("make the directory", made.string(), error);
    }
    if (const auto failed = files.sync_directory(parent_of(made))) {
      return cannot("sync", parent_of(made), failed);
    }
  }
  return std::nullopt;
}

// Writes an empty log beside its place and moves it there, so that no crash leaves half a header.
Failure make_log(const FileSystem& files, const std::string& directory, std::uint64_t log_id) {
  const std::string path = log_path(directory);
  const std::string draft = path + ".new";
  auto file = files.open(draft, FileSystem::Open::kCreate);
  if (file.has_error()) {
    return cannot("create", draft, file.error());
  }
  if (const auto error = write_fully(**file, encode_log_header(log_id), 0)) {
    return cannot("write", draft, error);
  }
  if (const auto error = (*file)->sync()) {
    return cannot("sync", draft, error);
  }
  if (const auto error = files.rename(draft, path)) {
    return cannot("put a new log in place as", path, error);
  }
  return std::nullopt;
}

}  // namespace

std::string log_path(const std::string& path) { return within(path, "bets.log"); }

boost::system::result<StoreDirectory, StoreFailure> open_store_directory(const FileSystem& files,
                                                                         const std::string& path,
                                                                         std::uint64_t new_log_id) {
  if (auto failure = make_directories(files, path)) {
    return std::move(*failure);
  }
  auto lock = files.open_locked(within(path, "LOCK"));
  if (lock.has_error()) {
    return cannot(lock.error() == StoreError::kLocked ? "open the store" : "lock",
                  lock.error() == StoreError::kLocked ? path : within(path, "LOCK"), lock.error());
  }
  auto log = files.open(log_path(path), FileSystem::Open::kWrite);
  if (log.has_error() && log.error() == boost::system::errc::no_such_file_or_directory) {
    if (auto failure = make_log(files, path, new_log_id)) {
      return std::move(*failure);
    }
    log = files.open(log_path(path), FileSystem::Open::kWrite);
  }
  if (log.has_error()) {
    return cannot("open", log_path(path), log.error());
  }
  // Of a log that was found, too: whoever put it in place may have been killed before this.
  if (const auto error = files.sync_directory(path)) {
    return cannot("sync", path, error);
  }
  return StoreDirectory{std::move(*lock), std::move(*log)};
}

}  // namespace sorteo
