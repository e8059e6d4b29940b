#include "tests/support/simulated_process.hpp"

#include <cerrno>

#include "core/store_error.hpp"
#include "tests/support/simulated_file.hpp"

namespace sorteo::test {

boost::system::result<std::unique_ptr<File>> SimulatedProcess::open(const std::string& path,
                                                                    Open how) const {
  const std::lock_guard lock(disk_.mutex_);
  boost::system::error_code error;
  const auto verdict = disk_.begin(*this, "open", path, error);
  if (verdict == SimulatedDisk::Verdict::kFail ||
      (verdict == SimulatedDisk::Verdict::kFailAfter && how != Open::kCreate)) {
    return error;
  }
  const auto inode = how == Open::kCreate ? disk_.tree_.make_file(path) : disk_.tree_.find(path);
  if (inode.has_error()) {
    return inode.error();
  }
  if (how == Open::kCreate) {
    (*inode)->truncate(0);
  }
  if (error) {
    return error;
  }
  return std::unique_ptr<File>(
      std::make_unique<SimulatedFile>(disk_, *this, *inode, path, how != Open::kRead));
}

boost::system::result<std::unique_ptr<File>> SimulatedProcess::open_locked(
    const std::string& path) const {
  const std::lock_guard lock(disk_.mutex_);
  boost::system::error_code error;
  const auto verdict = disk_.begin(*this, "open_locked", path, error);
  if (verdict == SimulatedDisk::Verdict::kFail) {
    return error;
  }
  const auto inode = disk_.tree_.make_file(path);
  if (inode.has_error() || error) {
    return inode.has_error() ? inode.error() : error;
  }
  if (disk_.locks_.contains(inode->get())) {
    return make_error_code(StoreError::kLocked);
  }
  disk_.locks_[inode->get()] = this;
  return std::unique_ptr<File>(
      std::make_unique<SimulatedFile>(disk_, *this, *inode, path, true, true));
}

// Does `act`, unless the disk has it fail.
template <typename Act>
boost::system::error_code SimulatedProcess::change(const char* call, const std::string& path,
                                                   Act act) const {
  const std::lock_guard lock(disk_.mutex_);
  boost::system::error_code error;
  if (disk_.begin(*this, call, path, error) == SimulatedDisk::Verdict::kFail) {
    return error;
  }
  const boost::system::error_code outcome = act();
  return error ? error : outcome;
}

boost::system::error_code SimulatedProcess::make_directory(const std::string& path) const {
  return change("make_directory", path, [&] { return disk_.tree_.make_directory(path); });
}

boost::system::error_code SimulatedProcess::rename(const std::string& from,
                                                   const std::string& to) const {
  return change("rename", from + " " + to, [&] { return disk_.tree_.rename(from, to); });
}

boost::system::error_code SimulatedProcess::remove(const std::string& path) const {
  return change("remove", path, [&] { return disk_.tree_.remove(path); });
}

boost::system::error_code SimulatedProcess::sync_directory(const std::string& path) const {
  return change("sync_directory", path, [&] { return disk_.tree_.sync_directory(path); });
}

boost::system::result<std::vector<std::string>> SimulatedProcess::list_directory(
    const std::string& path) const {
  boost::system::result<std::vector<std::string>> names(std::vector<std::string>{});
  const auto error = change("list_directory", path, [&] {
    names = disk_.tree_.list(path);
    for (std::size_t left = names.has_error() ? 0 : names->size(); left > 1; --left) {
      std::swap((*names)[left - 1], (*names)[disk_.random_.below(left)]);
    }
    return names.has_error() ? names.error() : boost::system::error_code();
  });
  if (error) {
    return error;
  }
  return names;
}

}  // namespace sorteo::test
