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
  const bool is_short = verdict == SimulatedDisk::Verdict::kShort && to.size() > 1;
  return inode_->read(is_short ? to.first(to.size() / 2) : to, offset);
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
  std::size_t size = from.size();
  if (verdict == SimulatedDisk::Verdict::kFailAfter) {
    size = disk_.random_.below(size + 1);
  } else if (verdict == SimulatedDisk::Verdict::kShort && size > 1) {
    size /= 2;
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

}  // namespace sorteo::test
