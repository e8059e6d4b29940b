#include "storage/posix_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/system/errc.hpp>
#include <cerrno>

namespace sorteo {
namespace {

boost::system::error_code last_error() noexcept {
  return {errno, boost::system::system_category()};
}

boost::system::error_code error_of(int result) noexcept {
  return result == 0 ? boost::system::error_code() : last_error();
}

}  // namespace

PosixFile::~PosixFile() {
  // Nothing is left to do about an error: what had to be durable was synced before.
  ::close(descriptor_);
}

boost::system::result<std::size_t> PosixFile::read_at(std::span<std::byte> to,
                                                      std::uint64_t offset) const {
  const ssize_t read = ::pread(descriptor_, to.data(), to.size(), static_cast<off_t>(offset));
  if (read < 0) {
    return last_error();
  }
  return static_cast<std::size_t>(read);
}

boost::system::result<std::size_t> PosixFile::write_at(ByteView from, std::uint64_t offset) {
  const ssize_t written =
      ::pwrite(descriptor_, from.data(), from.size(), static_cast<off_t>(offset));
  if (written < 0) {
    return last_error();
  }
  return static_cast<std::size_t>(written);
}

boost::system::error_code PosixFile::sync_data() { return error_of(::fdatasync(descriptor_)); }

boost::system::error_code PosixFile::sync() { return error_of(::fsync(descriptor_)); }

boost::system::error_code PosixFile::truncate(std::uint64_t size) {
  return error_of(::ftruncate(descriptor_, static_cast<off_t>(size)));
}

boost::system::error_code PosixFile::allocate(std::uint64_t size) {
  if (::fallocate(descriptor_, 0, 0, static_cast<off_t>(size)) == 0) {
    return {};
  }
  return errno == EOPNOTSUPP || errno == ENOSYS
             ? boost::system::errc::make_error_code(boost::system::errc::not_supported)
             : last_error();
}

boost::system::result<std::uint64_t> PosixFile::size() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) {
    return last_error();
  }
  return static_cast<std::uint64_t>(status.st_size);
}

void PosixFile::drop_cache() const noexcept {
  static_cast<void>(::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_DONTNEED));
  static_cast<void>(::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_WILLNEED));
}

// Only where the system says that it can, and how: some file systems take O_DIRECT and use the
// cache all the same, or refuse the writes. Linux says it since 6.1.
bool PosixFile::bypass_cache() noexcept {
#ifdef STATX_DIOALIGN
  struct statx status {};
  if (::statx(descriptor_, "", AT_EMPTY_PATH, STATX_DIOALIGN, &status) != 0 ||
      (status.stx_mask & STATX_DIOALIGN) == 0) {
    return false;
  }
  const auto divides_block = [](std::uint32_t bytes) { return bytes > 0 && kBlock % bytes == 0; };
  if (!divides_block(status.stx_dio_offset_align) || !divides_block(status.stx_dio_mem_align)) {
    return false;
  }
  const int flags = ::fcntl(descriptor_, F_GETFL);
  return flags >= 0 && ::fcntl(descriptor_, F_SETFL, flags | O_DIRECT) == 0;
#else
  return false;
#endif
}

}  // namespace sorteo
