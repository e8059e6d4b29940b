#include "apps/cli/output_file.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "apps/cli/write_all.hpp"

namespace sorteo::cli {
namespace {

boost::system::error_code last_error() { return {errno, boost::system::system_category()}; }

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// Makes the entries of `folder` durable.
boost::system::error_code sync_folder(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return last_error();
  }
  boost::system::error_code error;
  // EINVAL: a file system that has nothing to sync there.
  if (::fsync(descriptor) != 0 && errno != EINVAL) {
    error = last_error();
  }
  ::close(descriptor);
  return error;
}

// Puts `from` at `to`, where nothing may be.
int rename_to_free_place(const char* from, const char* to) {
  const int result = ::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
  if (result == 0 || errno != EINVAL) {
    return result;
  }
  // Some file systems, NFS among them, cannot do that, but refuse a second link of one name.
  return ::link(from, to) == 0 ? ::unlink(from) : -1;
}

}  // namespace

boost::system::result<std::unique_ptr<OutputFile>, OutputError> OutputFile::create(
    std::string path, Overwrite overwrite) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(status)) {
    if (!std::filesystem::is_regular_file(status)) {
      return OutputError{path + ": is there and is not a regular file"};
    }
    if (overwrite == Overwrite::kNo) {
      return OutputError{path + ": is there already"};
    }
    // Through a link, the file that it points to is replaced, and not the link.
    const auto target = std::filesystem::canonical(path, ignored);
    path = ignored ? path : target.string();
  }
  std::string temporary = path + ".XXXXXX";
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0) {
    return OutputError{path + ": cannot be made: " + last_error().message()};
  }
  return std::unique_ptr<OutputFile>(
      new OutputFile(std::move(path), std::move(temporary), descriptor, overwrite));
}

OutputFile::OutputFile(std::string path, std::string temporary, int descriptor, Overwrite overwrite)
    : path_(std::move(path)),
      temporary_(std::move(temporary)),
      overwrite_(overwrite),
      descriptor_(descriptor) {}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
  if (!is_in_place_) {
    ::unlink(temporary_.c_str());
  }
}

boost::system::error_code OutputFile::write(std::string_view bytes) {
  return write_all(descriptor_, bytes);
}

boost::system::error_code OutputFile::commit() {
  if (::fsync(descriptor_) != 0 || ::close(std::exchange(descriptor_, -1)) != 0) {
    return last_error();
  }
  const int result = overwrite_ == Overwrite::kYes
                         ? ::rename(temporary_.c_str(), path_.c_str())
                         : rename_to_free_place(temporary_.c_str(), path_.c_str());
  if (result != 0) {
    return last_error();
  }
  is_in_place_ = true;
  return sync_folder(folder_of(path_));
}

}  // namespace sorteo::cli
