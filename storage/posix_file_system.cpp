#include "storage/posix_file_system.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <string_view>

#include "core/store_error.hpp"
#include "storage/posix_file.hpp"

namespace sorteo {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr mode_t kDirectoryMode = 0700;

boost::system::error_code last_error() noexcept {
  return {errno, boost::system::system_category()};
}

int flags_of(FileSystem::Open how) noexcept {
  switch (how) {
    case FileSystem::Open::kRead:
      return O_RDONLY;
    case FileSystem::Open::kWrite:
      return O_RDWR;
    case FileSystem::Open::kCreate:
      return O_RDWR | O_CREAT | O_TRUNC;
  }
  return O_RDONLY;
}

}  // namespace

boost::system::result<std::unique_ptr<File>> PosixFileSystem::open(const std::string& path,
                                                                   Open how) const {
  const int descriptor = ::open(path.c_str(), flags_of(how) | O_CLOEXEC, kFileMode);
  if (descriptor < 0) {
    return last_error();
  }
  return std::unique_ptr<File>(std::make_unique<PosixFile>(descriptor));
}

boost::system::result<std::unique_ptr<File>> PosixFileSystem::open_locked(
    const std::string& path) const {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode);
  if (descriptor < 0) {
    return last_error();
  }
  auto file = std::make_unique<PosixFile>(descriptor);
  // flock and not fcntl: its locks belong to the open file, so that they also keep out this
  // process.
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return errno == EWOULDBLOCK ? make_error_code(StoreError::kLocked) : last_error();
  }
  return std::unique_ptr<File>(std::move(file));
}

boost::system::error_code PosixFileSystem::make_directory(const std::string& path) const {
  return ::mkdir(path.c_str(), kDirectoryMode) == 0 ? boost::system::error_code() : last_error();
}

boost::system::error_code PosixFileSystem::rename(const std::string& from,
                                                  const std::string& to) const {
  return ::rename(from.c_str(), to.c_str()) == 0 ? boost::system::error_code() : last_error();
}

boost::system::error_code PosixFileSystem::remove(const std::string& path) const {
  return ::unlink(path.c_str()) == 0 ? boost::system::error_code() : last_error();
}

boost::system::result<std::vector<std::string>> PosixFileSystem::list_directory(
    const std::string& path) const {
  const auto close = [](DIR* open) { ::closedir(open); };
  const std::unique_ptr<DIR, decltype(close)> directory(::opendir(path.c_str()), close);
  if (directory == nullptr) {
    return last_error();
  }
  std::vector<std::string> names;
  while (true) {
    errno = 0;  // the only way to tell an error from the end
    const dirent* const entry = ::readdir(directory.get());
    if (entry == nullptr) {
      break;
    }
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      names.emplace_back(name);
    }
  }
  if (errno != 0) {
    return last_error();
  }
  return names;
}

boost::system::error_code PosixFileSystem::sync_directory(const std::string& path) const {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return last_error();
  }
  PosixFile directory(descriptor);
  return directory.sync();
}

}  // namespace sorteo
