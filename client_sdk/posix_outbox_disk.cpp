#include "client_sdk/posix_outbox_disk.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace sorteo::client {
namespace {

using boost::system::error_code;

constexpr mode_t kFileMode = 0600;

error_code last_error() noexcept { return {errno, boost::system::system_category()}; }

error_code error_of(int result) noexcept { return result == 0 ? error_code() : last_error(); }

class PosixFile final : public OutboxFile {
 public:
  /// Takes over the open `descriptor`.
  explicit PosixFile(int descriptor) noexcept : descriptor_(descriptor) {}
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;
  ~PosixFile() override {
    // Nothing is left to do about an error: what had to be durable was synced before.
    ::close(descriptor_);
  }

  boost::system::result<std::size_t> read_at(std::span<std::byte> to,
                                             std::uint64_t offset) const override {
    const ssize_t read = ::pread(descriptor_, to.data(), to.size(), static_cast<off_t>(offset));
    if (read < 0) {
      return last_error();
    }
    return static_cast<std::size_t>(read);
  }

  boost::system::result<std::size_t> write_at(ByteView from, std::uint64_t offset) override {
    const ssize_t written =
        ::pwrite(descriptor_, from.data(), from.size(), static_cast<off_t>(offset));
    if (written < 0) {
      return last_error();
    }
    return static_cast<std::size_t>(written);
  }

  error_code sync_data() override { return error_of(::fdatasync(descriptor_)); }
  error_code sync() override { return error_of(::fsync(descriptor_)); }
  error_code truncate(std::uint64_t size) override {
    return error_of(::ftruncate(descriptor_, static_cast<off_t>(size)));
  }

  boost::system::result<std::uint64_t> size() const override {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) {
      return last_error();
    }
    return static_cast<std::uint64_t>(status.st_size);
  }

  void drop_cache() const noexcept override {
    static_cast<void>(::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_DONTNEED));
  }

 private:
  const int descriptor_;
};

}  // namespace

boost::system::result<std::unique_ptr<OutboxFile>> PosixOutboxDisk::open(const std::string& path,
                                                                         Open how) {
  const int flags = how == Open::kEmpty ? O_CREAT | O_TRUNC : 0;
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC | flags, kFileMode);
  if (descriptor < 0) {
    return last_error();
  }
  return std::unique_ptr<OutboxFile>(std::make_unique<PosixFile>(descriptor));
}

boost::system::result<std::unique_ptr<OutboxFile>> PosixOutboxDisk::open_locked(
    const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode);
  if (descriptor < 0) {
    return last_error();
  }
  auto file = std::make_unique<PosixFile>(descriptor);
  // flock and not fcntl: its locks belong to the open file, so that they also keep out this
  // process.
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return last_error();
  }
  return std::unique_ptr<OutboxFile>(std::move(file));
}

error_code PosixOutboxDisk::rename(const std::string& from, const std::string& to) {
  return error_of(::rename(from.c_str(), to.c_str()));
}

error_code PosixOutboxDisk::remove(const std::string& path) {
  return error_of(::unlink(path.c_str()));
}

error_code PosixOutboxDisk::sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "." : path.substr(0, slash == 0 ? 1 : slash);
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return last_error();
  }
  return PosixFile(descriptor).sync();
}

}  // namespace sorteo::client
