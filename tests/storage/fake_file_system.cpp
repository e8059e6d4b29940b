#include "tests/storage/fake_file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <set>

#include "core/store_error.hpp"

namespace sorteo::test {

/// A file of a FakeFileSystem.
class FakeFile final : public File {
 public:
  using Op = FakeFileSystem::Op;

  FakeFile(const FakeFileSystem& disk, std::shared_ptr<FakeFileSystem::Inode> inode, bool locks)
      : disk_(disk), inode_(std::move(inode)), locks_(locks) {}

  ~FakeFile() override {
    const std::lock_guard lock(disk_.mutex_);
    inode_->locked = inode_->locked && !locks_;
  }

  boost::system::result<std::size_t> read_at(std::span<std::byte> to,
                                             std::uint64_t offset) const override {
    const std::lock_guard lock(disk_.mutex_);
    if (const auto error = disk_.begin(Op::kRead)) {
      return error;
    }
    if (is_refused(to, offset)) {
      return boost::system::error_code(EINVAL, boost::system::system_category());
    }
    if (offset >= inode_->content.size()) {
      return std::size_t{0};
    }
    const std::size_t size =
        std::min({to.size(), inode_->content.size() - offset, disk_.call_limit_});
    std::memcpy(to.data(), inode_->content.data() + offset, size);
    return size;
  }

  boost::system::result<std::size_t> write_at(ByteView from, std::uint64_t offset) override {
    const std::lock_guard lock(disk_.mutex_);
    if (const auto error = disk_.begin(Op::kWrite)) {
      return error;
    }
    if (is_refused(from, offset)) {
      return boost::system::error_code(EINVAL, boost::system::system_category());
    }
    std::size_t size = std::min(from.size(), disk_.call_limit_);
    std::string& content = inode_->content;
    const std::size_t room = disk_.capacity_ - std::min(disk_.capacity_, disk_.used());
    const std::size_t growth = offset + size - std::min<std::size_t>(offset + size, content.size());
    size -= growth - std::min(growth, room);
    if (size == 0) {
      return boost::system::error_code(ENOSPC, boost::system::system_category());
    }
    content.resize(std::max<std::size_t>(content.size(), offset + size));
    std::memcpy(content.data() + offset, from.data(), size);
    inode_->durable = disk_.write_through_ ? content : inode_->durable;
    return size;
  }

  boost::system::error_code sync_data() override { return sync(); }

  boost::system::error_code sync() override {
    std::unique_lock lock(disk_.mutex_);
    const auto error = disk_.begin(Op::kSync);
    ++disk_.held_syncs_;
    disk_.changed_.notify_all();
    disk_.changed_.wait(lock, [this] { return !disk_.hold_syncs_; });
    --disk_.held_syncs_;
    inode_->given_up = inode_->given_up || (error && disk_.give_up_failed_syncs_);
    if (!error && !inode_->given_up) {
      inode_->durable = inode_->content;
    }
    return error;
  }

  boost::system::error_code truncate(std::uint64_t size) override {
    const std::lock_guard lock(disk_.mutex_);
    if (const auto error = disk_.begin(Op::kTruncate)) {
      return error;
    }
    inode_->content.resize(size);
    return {};
  }

  boost::system::error_code allocate(std::uint64_t size) override {
    const std::lock_guard lock(disk_.mutex_);
    if (const auto error = disk_.begin(Op::kAllocate)) {
      return error;
    }
    std::string& content = inode_->content;
    const std::size_t growth = std::max<std::size_t>(content.size(), size) - content.size();
    if (growth > disk_.capacity_ - std::min(disk_.capacity_, disk_.used())) {
      return boost::system::error_code(ENOSPC, boost::system::system_category());
    }
    content.resize(content.size() + growth);
    return {};
  }

  boost::system::result<std::uint64_t> size() const override {
    const std::lock_guard lock(disk_.mutex_);
    if (const auto error = disk_.begin(Op::kSize)) {
      return error;
    }
    return std::uint64_t{inode_->content.size()};
  }

  void drop_cache() const noexcept override {
    const std::lock_guard lock(disk_.mutex_);
    if (inode_->given_up) {
      inode_->content = inode_->durable;
      inode_->given_up = false;
    }
  }

  bool bypass_cache() noexcept override {
    const std::lock_guard lock(disk_.mutex_);
    bypasses_cache_ = disk_.can_bypass_cache_;
    return bypasses_cache_;
  }

 private:
  // Whether only whole blocks are taken, and this is none.
  bool is_refused(ByteView bytes, std::uint64_t offset) const noexcept {
    const auto address = reinterpret_cast<std::uintptr_t>(bytes.data());
    return bypasses_cache_ &&
           (address % kBlock != 0 || bytes.size() % kBlock != 0 || offset % kBlock != 0);
  }

  bool bypasses_cache_ = false;
  const FakeFileSystem& disk_;
  const std::shared_ptr<FakeFileSystem::Inode> inode_;
  const bool locks_;
};

void FakeFileSystem::fail(Op op, int error, int times) {
  const std::lock_guard lock(mutex_);
  failure_ = {op, 0, times, error};
}

void FakeFileSystem::fail_nth(int n, int error, int times) {
  const std::lock_guard lock(mutex_);
  failure_ = {std::nullopt, n - 1, times, error};
}

bool FakeFileSystem::has_failure_left() const {
  const std::lock_guard lock(mutex_);
  return failure_.skip > 0 || failure_.times > 0;
}

void FakeFileSystem::limit_to(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  capacity_ = bytes;
}

void FakeFileSystem::limit_calls_to(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  call_limit_ = bytes;
}

void FakeFileSystem::let_bypass_cache() {
  const std::lock_guard lock(mutex_);
  can_bypass_cache_ = true;
}

void FakeFileSystem::write_through() {
  const std::lock_guard lock(mutex_);
  write_through_ = true;
}

void FakeFileSystem::give_up_failed_syncs() {
  const std::lock_guard lock(mutex_);
  give_up_failed_syncs_ = true;
}

void FakeFileSystem::hold_syncs() {
  const std::lock_guard lock(mutex_);
  hold_syncs_ = true;
}

void FakeFileSystem::let_syncs_go() {
  const std::lock_guard lock(mutex_);
  hold_syncs_ = false;
  changed_.notify_all();
}

bool FakeFileSystem::await_held_sync() {
  std::unique_lock lock(mutex_);
  hold_syncs_ =
      changed_.wait_for(lock, std::chrono::seconds(30), [this] { return held_syncs_ > 0; });
  return hold_syncs_;
}

std::size_t FakeFileSystem::count(Op op) const {
  const std::lock_guard lock(mutex_);
  return counts_[op];
}

bool FakeFileSystem::await_count(Op op, std::size_t count) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(30),
                           [this, op, count] { return counts_[op] >= count; });
}

std::string FakeFileSystem::content(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = inodes_.find(path);
  return found == inodes_.end() ? std::string() : found->second->content;
}

void FakeFileSystem::set_content(const std::string& path, std::string_view content) {
  const std::lock_guard lock(mutex_);
  auto& inode = inodes_[path];
  if (inode == nullptr) {
    inode = std::make_shared<Inode>();
  }
  inode->content = content;
  inode->durable = content;
}

bool FakeFileSystem::exists(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return inodes_.contains(path);
}

std::map<std::string, std::string> FakeFileSystem::contents() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::string> all;
  for (const auto& [path, inode] : inodes_) {
    all[path] = inode->content;
  }
  return all;
}

void FakeFileSystem::set_contents(const std::map<std::string, std::string>& contents) {
  {
    const std::lock_guard lock(mutex_);
    inodes_.clear();
  }
  for (const auto& [path, content] : contents) {
    set_content(path, content);
  }
}

std::map<std::string, std::string> FakeFileSystem::durable_contents() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::string> all;
  for (const auto& [path, inode] : inodes_) {
    all[path] = inode->durable;
  }
  return all;
}

std::string FakeFileSystem::durable_content(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = inodes_.find(path);
  return found == inodes_.end() ? std::string() : found->second->durable;
}

boost::system::result<std::unique_ptr<File>> FakeFileSystem::open(const std::string& path,
                                                                  Open how) const {
  const std::lock_guard lock(mutex_);
  if (const auto error = begin(Op::kOpen)) {
    return error;
  }
  const auto found = inodes_.find(path);
  if (how != Open::kCreate) {
    if (found == inodes_.end()) {
      return boost::system::error_code(ENOENT, boost::system::system_category());
    }
    return std::unique_ptr<File>(std::make_unique<FakeFile>(*this, found->second, false));
  }
  auto inode = std::make_shared<Inode>();
  inodes_[path] = inode;
  return std::unique_ptr<File>(std::make_unique<FakeFile>(*this, std::move(inode), false));
}

boost::system::result<std::unique_ptr<File>> FakeFileSystem::open_locked(
    const std::string& path) const {
  const std::lock_guard lock(mutex_);
  if (const auto error = begin(Op::kLock)) {
    return error;
  }
  auto& inode = inodes_[path];
  if (inode == nullptr) {
    inode = std::make_shared<Inode>();
  }
  if (inode->locked) {
    return make_error_code(StoreError::kLocked);
  }
  inode->locked = true;
  return std::unique_ptr<File>(std::make_unique<FakeFile>(*this, inode, true));
}

boost::system::error_code FakeFileSystem::make_directory(const std::string&) const {
  const std::lock_guard lock(mutex_);
  return begin(Op::kMakeDirectory);
}

boost::system::error_code FakeFileSystem::rename(const std::string& from,
                                                 const std::string& to) const {
  const std::lock_guard lock(mutex_);
  if (const auto error = begin(Op::kRename)) {
    return error;
  }
  const auto found = inodes_.find(from);
  if (found == inodes_.end()) {
    return {ENOENT, boost::system::system_category()};
  }
  inodes_[to] = found->second;
  inodes_.erase(found);
  return {};
}

boost::system::error_code FakeFileSystem::remove(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  if (const auto error = begin(Op::kRemove)) {
    return error;
  }
  if (inodes_.erase(path) == 0) {
    return {ENOENT, boost::system::system_category()};
  }
  return {};
}

boost::system::result<std::vector<std::string>> FakeFileSystem::list_directory(
    const std::string& path) const {
  const std::lock_guard lock(mutex_);
  if (const auto error = begin(Op::kList)) {
    return error;
  }
  const std::string start = path + "/";
  std::set<std::string> names;
  for (const auto& [name, inode] : inodes_) {
    if (name.starts_with(start)) {
      names.insert(name.substr(start.size(), name.find('/', start.size()) - start.size()));
    }
  }
  return std::vector<std::string>(names.begin(), names.end());
}

boost::system::error_code FakeFileSystem::sync_directory(const std::string&) const {
  const std::lock_guard lock(mutex_);
  return begin(Op::kSyncDirectory);
}

boost::system::error_code FakeFileSystem::begin(Op op) const {
  ++counts_[op];
  changed_.notify_all();
  if (failure_.op.value_or(op) != op || failure_.times == 0) {
    return {};
  }
  if (failure_.skip > 0) {
    --failure_.skip;
    return {};
  }
  if (failure_.times != kForGood) {
    --failure_.times;
  }
  return {failure_.error, boost::system::system_category()};
}

std::size_t FakeFileSystem::used() const {
  std::size_t bytes = 0;
  for (const auto& [path, inode] : inodes_) {
    bytes += inode->content.size();
  }
  return bytes;
}

}  // namespace sorteo::test
