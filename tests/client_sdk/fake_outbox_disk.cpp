#include "tests/client_sdk/fake_outbox_disk.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

namespace sorteo::test {
namespace {

using boost::system::error_code;

constexpr std::size_t kSector = 512;

error_code error_of(int error) { return {error, boost::system::system_category()}; }

}  // namespace

struct FakeOutboxDisk::Inode {
  std::string seen;     // by a program
  std::string durable;  // on the disk
  int locked_by = -1;   // the program
};

class FakeOutboxDisk::OpenFile final : public client::OutboxFile {
 public:
  OpenFile(FakeOutboxDisk& disk, std::shared_ptr<Inode> inode, bool locks)
      : disk_(disk), inode_(std::move(inode)), run_(disk.run_), locks_(locks) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() override {
    if (locks_ && inode_->locked_by == run_) {
      inode_->locked_by = -1;
    }
  }

  boost::system::result<std::size_t> read_at(std::span<std::byte> to,
                                             std::uint64_t offset) const override {
    if (const auto error = call()) {
      return error;
    }
    if (offset >= inode_->seen.size()) {
      return std::size_t{0};
    }
    const auto from = as_bytes(inode_->seen).subspan(static_cast<std::size_t>(offset));
    const std::size_t count = std::min({to.size(), from.size(), disk_.call_limit_});
    std::ranges::copy(from.first(count), to.begin());
    return count;
  }

  boost::system::result<std::size_t> write_at(ByteView from, std::uint64_t offset) override {
    if (const auto error = call()) {
      return error;
    }
    const std::uint64_t room =
        offset < disk_.file_limit_ ? disk_.file_limit_ - offset : std::uint64_t{0};
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>({from.size(), disk_.call_limit_, room}));
    if (count == 0) {
      return error_of(ENOSPC);
    }
    const auto at = static_cast<std::size_t>(offset);
    inode_->seen.resize(std::max(inode_->seen.size(), at + count));
    inode_->seen.replace(at, count, as_text(from.first(count)));
    return count;
  }

  error_code sync_data() override { return sync(); }

  error_code sync() override {
    if (const auto error = call()) {
      return error;
    }
    inode_->durable = inode_->seen;
    return {};
  }

  error_code truncate(std::uint64_t size) override {
    if (const auto error = call()) {
      return error;
    }
    inode_->seen.resize(static_cast<std::size_t>(size));
    return {};
  }

  boost::system::result<std::uint64_t> size() const override {
    if (const auto error = call()) {
      return error;
    }
    return inode_->seen.size();
  }

  void drop_cache() const noexcept override {}

 private:
  error_code call() const { return run_ == disk_.run_ ? disk_.call() : error_of(EIO); }

  FakeOutboxDisk& disk_;
  const std::shared_ptr<Inode> inode_;  // outlives its name, as a file does
  const int run_;
  const bool locks_;
};

FakeOutboxDisk::FakeOutboxDisk()
    : call_limit_(std::numeric_limits<std::size_t>::max()),
      file_limit_(std::numeric_limits<std::size_t>::max()) {}

FakeOutboxDisk::~FakeOutboxDisk() = default;

std::string FakeOutboxDisk::content(const std::string& path) const {
  const auto found = names_.find(path);
  return found == names_.end() ? std::string() : found->second->seen;
}

void FakeOutboxDisk::put(const std::string& path, const std::string& content) {
  names_[path] = durable_names_[path] = std::make_shared<Inode>(Inode{content, content, -1});
}

std::vector<std::string> FakeOutboxDisk::names() const {
  std::vector<std::string> names;
  for (const auto& [name, inode] : names_) {
    names.push_back(name);
  }
  return names;
}

void FakeOutboxDisk::fail_nth(int n, int error, bool for_good) {
  calls_ = 0;
  fail_at_ = n;
  fail_error_ = error;
  fail_for_good_ = for_good;
  failed_ = false;
}

bool FakeOutboxDisk::has_failure_left() const { return fail_at_ > 0 && !failed_; }

error_code FakeOutboxDisk::call() {
  ++calls_;
  if (fail_at_ > 0 && (calls_ == fail_at_ || (fail_for_good_ && calls_ > fail_at_))) {
    failed_ = true;
    return error_of(fail_error_);
  }
  return {};
}

void FakeOutboxDisk::end_program() {
  ++run_;
  fail_at_ = 0;
}

void FakeOutboxDisk::cut_power(std::mt19937& random) {
  end_program();
  for (const Names* names : {&names_, &durable_names_}) {
    for (const auto& [name, inode] : *names) {
      std::string survives = inode->durable;
      if (random() % 2 != 0) {
        survives.resize(inode->seen.size());  // what was never written there reads as zeros
      }
      for (std::size_t at = 0; at < survives.size(); at += kSector) {
        if (at < inode->seen.size() && random() % 2 != 0) {
          const std::size_t count =
              std::min({kSector, survives.size() - at, inode->seen.size() - at});
          survives.replace(at, count, inode->seen, at, count);
        }
      }
      inode->seen = inode->durable = survives;
    }
  }
  if (random() % 2 != 0) {
    names_ = durable_names_;
  }
  durable_names_ = names_;
}

boost::system::result<std::unique_ptr<client::OutboxFile>> FakeOutboxDisk::open(
    const std::string& path, Open how) {
  if (const auto error = call()) {
    return error;
  }
  const auto found = names_.find(path);
  if (found == names_.end() && how == Open::kExisting) {
    return error_of(ENOENT);
  }
  auto& inode = names_[path];
  if (!inode) {
    inode = std::make_shared<Inode>();
  }
  if (how == Open::kEmpty) {
    inode->seen.clear();
  }
  return std::unique_ptr<client::OutboxFile>(std::make_unique<OpenFile>(*this, inode, false));
}

boost::system::result<std::unique_ptr<client::OutboxFile>> FakeOutboxDisk::open_locked(
    const std::string& path) {
  if (const auto error = call()) {
    return error;
  }
  auto& inode = names_[path];
  if (!inode) {
    inode = std::make_shared<Inode>();
  }
  if (inode->locked_by == run_) {
    return error_of(EWOULDBLOCK);
  }
  inode->locked_by = run_;
  return std::unique_ptr<client::OutboxFile>(std::make_unique<OpenFile>(*this, inode, true));
}

error_code FakeOutboxDisk::rename(const std::string& from, const std::string& to) {
  if (const auto error = call()) {
    return error;
  }
  const auto found = names_.find(from);
  if (found == names_.end()) {
    return error_of(ENOENT);
  }
  names_[to] = found->second;
  names_.erase(from);
  return {};
}

error_code FakeOutboxDisk::remove(const std::string& path) {
  if (const auto error = call()) {
    return error;
  }
  return names_.erase(path) == 0 ? error_of(ENOENT) : error_code();
}

error_code FakeOutboxDisk::sync_folder_of(const std::string&) {
  if (const auto error = call()) {
    return error;
  }
  durable_names_ = names_;
  return {};
}

}  // namespace sorteo::test
