#include "storage/torn_tail.hpp"

#include <algorithm>
#include <vector>

#include "storage/file_io.hpp"
#include "storage/log_failure.hpp"
#include "storage/store_files.hpp"

namespace sorteo {
namespace {

constexpr std::size_t kChunk = 256 * 1024;

std::optional<StoreFailure> copy_bytes(const File& from, const std::string& path,
                                       std::uint64_t offset, std::uint64_t bytes, File& to,
                                       const std::string& copy) {
  std::vector<std::byte> chunk(static_cast<std::size_t>(std::min<std::uint64_t>(bytes, kChunk)));
  for (std::uint64_t done = 0; done < bytes;) {
    const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(bytes - done, kChunk));
    const auto read = read_fully(from, std::span(chunk).first(part), offset + done);
    if (read.has_error()) {
      return unreadable(path, offset + done, read.error());
    }
    if (*read == 0) {
      break;
    }
    if (const auto error = write_fully(to, ByteView(chunk).first(*read), done)) {
      return cannot("write", copy, error);
    }
    done += *read;
  }
  if (const auto error = to.sync()) {
    return cannot("sync", copy, error);
  }
  return std::nullopt;
}

}  // namespace

std::optional<StoreFailure> keep_bytes(const FileSystem& files, const std::string& path,
                                       std::uint64_t offset, std::uint64_t bytes,
                                       const std::string& directory, const std::string& name) {
  const std::string copy = within(directory, name);
  const auto from = files.open(path, FileSystem::Open::kRead);
  if (from.has_error()) {
    return cannot("open", path, from.error());
  }
  auto to = files.open(copy, FileSystem::Open::kCreate);
  if (to.has_error()) {
    return cannot("create", copy, to.error());
  }
  if (auto failure = copy_bytes(**from, path, offset, bytes, **to, copy)) {
    // Half a copy only takes up room.
    static_cast<void>(files.remove(copy));
    return failure;
  }
  if (const auto error = files.sync_directory(directory)) {
    return cannot("sync", directory, error);
  }
  return std::nullopt;
}

std::optional<StoreFailure> zero_bytes(const FileSystem& files, const std::string& path,
                                       std::uint64_t offset, std::uint64_t bytes) {
  auto file = files.open(path, FileSystem::Open::kWrite);
  if (file.has_error()) {
    return cannot("open", path, file.error());
  }
  if (const auto error = write_zeros(**file, offset, bytes)) {
    return cannot("clear the end of", path, error);
  }
  if (const auto error = (*file)->sync()) {
    return cannot("sync", path, error);
  }
  return std::nullopt;
}

}  // namespace sorteo
