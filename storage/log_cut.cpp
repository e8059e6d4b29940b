#include "storage/log_cut.hpp"

#include "storage/log_failure.hpp"
#include "storage/store_files.hpp"
#include "storage/torn_tail.hpp"

namespace sorteo {
namespace {

using Failure = std::optional<StoreFailure>;

Failure sync_directory(const FileSystem& files, const std::string& path) {
  if (const auto error = files.sync_directory(path)) {
    return cannot("sync", path, error);
  }
  return std::nullopt;
}

// The new name is durable before the old one may be gone for good.
Failure move_file(const FileSystem& files, const std::string& directory, const std::string& to,
                  const std::string& name) {
  if (const auto error = files.rename(within(directory, name), within(to, name))) {
    return cannot("move", within(directory, name), error);
  }
  if (auto failure = sync_directory(files, to)) {
    return failure;
  }
  return sync_directory(files, directory);
}

Failure shorten(const FileSystem& files, const std::string& path, std::uint64_t size) {
  auto file = files.open(path, FileSystem::Open::kWrite);
  if (file.has_error()) {
    return cannot("open", path, file.error());
  }
  auto error = (*file)->truncate(size);
  error = error ? error : (*file)->sync();
  return error ? std::optional(cannot("shorten", path, error)) : std::nullopt;
}

Failure change_segment(const FileSystem& files, const std::string& directory, const std::string& to,
                       const LogCut::Change& change) {
  const std::string path = segment_path(directory, change.segment);
  if (auto failure = keep_bytes(files, path, 0, change.size, to, segment_name(change.segment))) {
    return failure;
  }
  if (change.size > change.capacity) {
    if (auto failure = shorten(files, path, change.capacity)) {
      return failure;
    }
  }
  return zero_bytes(files, path, change.offset, change.capacity - change.offset);
}

}  // namespace

std::optional<StoreFailure> apply_cut(const FileSystem& files, const std::string& directory,
                                      const std::string& to, const LogCut& cut) {
  for (const std::string& name : cut.moved) {
    if (auto failure = move_file(files, directory, to, name)) {
      return failure;
    }
  }
  for (const LogCut::Change& change : cut.changed) {
    if (auto failure = change_segment(files, directory, to, change)) {
      return failure;
    }
  }
  return std::nullopt;
}

}  // namespace sorteo
