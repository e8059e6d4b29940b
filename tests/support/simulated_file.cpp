#include "tests/support/simulated_file.hpp"

#include <algorithm>
#include <cerrno>

#include "tests/support/simulated_process.hpp"

namespace sorteo::test {
namespace {

boost::system::error_code posix(int error) { return {error, boost::system::system_category()}; }

}  // namespace

SimulatedFile::~SimulatedFile() {
  const std::lock_guard lock(disk_.mutex_);
  const auto held = disk_.locks_.find(inode_.get());
  if (locks_ && held != disk_.locks_.end() && held->second == &process_) {
    disk_.locks_.erase(held);
  }
}

boost::system::result<std::size_t> SimulatedFile::read_at(std::span<std::byte> to,
                                                          std::uint64_t offset) const {
  const std::lock_guard lock(disk_.mutex_);
  boost::system::error_code error;
  const auto verdict = disk_.begin(process_, "read_at", path_, error);
  if (error) {
    return error;
  }
  if (is_refused(to, offset)) {
    return posix(EINVAL);
  }
  const bool is_short = verdict == SimulatedDisk::Verdict::kShort && to.size() > 1;
  return inode_->read(is_short ? to.first(half(to.size())) : to, offset);
}

boost::system::result<std::size_t> SimulatedFile::write_at(ByteView from, std::uint64_t offset) {
  const std::lock_guard lock(disk_.mutex_);
  if (!can_write_) {
    return posix(EBADF);
  }
  boost::system::error_code error;
  const auto verdict = disk_.begin(process_, "write_at", path_, error);
  if (verdict == SimulatedDisk::Verdict::kFail) {
    return error;
  }
  if (is_refused(from, offset)) {
    return posix(EINVAL);
  }
  std::size_t size = from.size();
  if (verdict == SimulatedDisk::Verdict::kFailAfter) {
    size = cut(disk_.random_.below(size + 1));
  } else if (verdict == SimulatedDisk::Verdict::kShort && size > 1) {
    size = half(size);
  }
  const std::uint64_t now = inode_->content().size();
  const std::uint64_t growth = offset + size - std::min(offset + size, now);
  size -= static_cast<std::size_t>(
      std::min<std::uint64_t>(size, growth - std::min(growth, disk_.room())));
  if (size == 0 && !from.empty()) {
    return error ? error : posix(ENOSPC);
  }
  inode_->write(from.first(size), offset);
  if (error) {
    return error;
  }
  return size;
}

boost::system::error_code SimulatedFile::sync(const char* call) {
  const std::lock_guard lock(disk_.mutex_);
  boost::system::error_code error;
  const auto verdict = disk_.begin(process_, call, path_, error);
  const bool was_killed = error == posix(EBADF);
  if (!error || (was_killed && verdict == SimulatedDisk::Verdict::kFailAfter)) {
    inode_->sync();
  } else if (!was_killed && error != posix(EINTR)) {
    inode_->fail_sync(disk_.random_);
  }
  return error;
}

boost::system::error_code SimulatedFile::truncate(std::uint64_t size) {
  const std::lock_guard lock(disk_.mutex_);
  if (!can_write_) {
    return posix(EINVAL);
  }
  boost::system::error_code error;
  if (disk_.begin(process_, "truncate", path_, error) == SimulatedDisk::Verdict::kFail) {
    return error;
  }
  inode_->truncate(size);
  return error;
}

boost::system::error_code SimulatedFile::allocate(std::uint64_t size) {
  const std::lock_guard lock(disk_.mutex_);
  if (!can_write_) {
    return posix(EBADF);
  }
  boost::system::error_code error;
  if (disk_.begin(process_, "allocate", path_, error) == SimulatedDisk::Verdict::kFail) {
    return error;
  }
  const std::uint64_t now = inode_->content().size();
  if (size > now) {
    if (size - now > disk_.room()) {
      return error ? error : posix(ENOSPC);
    }
    inode_->truncate(size);
  }
  return error;
}

boost::system::result<std::uint64_t> SimulatedFile::size() const {
  const std::lock_guard lock(disk_.mutex_);
  boost::system::error_code error;
  disk_.begin(process_, "size", path_, error);
  if (error) {
    return error;
  }
  return std::uint64_t{inode_->content().size()};
}

void SimulatedFile::drop_cache() const noexcept {
  const std::lock_guard lock(disk_.mutex_);
  if (process_.is_alive_) {
    inode_->drop_cache();
  }
}

bool SimulatedFile::bypass_cache() noexcept {
  bypasses_cache_ = true;
  return true;
}

bool SimulatedFile::is_refused(ByteView bytes, std::uint64_t offset) const noexcept {
  // After a short call, the rest of a block may follow.
  const auto address = reinterpret_cast<std::uintptr_t>(bytes.data());
  return bypasses_cache_ && (address % kSectorBytes != 0 || bytes.size() % kSectorBytes != 0 ||
                             offset % kSectorBytes != 0);
}

std::size_t SimulatedFile::cut(std::size_t size) const noexcept {
  return bypasses_cache_ ? size / kSectorBytes * kSectorBytes : size;
}

// What a call does that is short.
std::size_t SimulatedFile::half(std::size_t size) const noexcept {
  return std::max(cut(size / 2), bypasses_cache_ ? kSectorBytes : std::size_t{1});
}

}  // namespace sorteo::test
