#include "storage/stored_bets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "storage/file_bet_store.hpp"
#include "tests/storage/file_bet_store_fixture.hpp"
#include "tests/storage/test_bets.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Op = FakeFileSystem::Op;

constexpr char kLog[] = "bets/bets-0000000001.log";

class StoredBetsTest : public ::testing::Test {
 protected:
  // Behind the last byte that is not zero.
  std::uint64_t end_of_log() const { return disk_.content(kLog).find_last_not_of('\0') + 1; }

  FakeFileSystem disk_;
  RecordingLog log_;
  std::unique_ptr<FileBetStore> store_ =
      std::move(*FileBetStore::open(small_store("bets"), log_, disk_));
  BatchLister lister_;
};

TEST_F(StoredBetsTest, ReadsBesideAServer) {
  append(*store_, 1, {"Ana", "Luz"});
  finish(*store_, 1);
  const auto summary = read_store(disk_, "bets", &lister_);
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(*summary,
            (StoreSummary{{1, 2, {1}, std::nullopt}, 2, end_of_log(), std::nullopt, 1, {}}));
  EXPECT_THAT(lister_.seen, ElementsAre("1: Ana Luz"));
}

TEST_F(StoredBetsTest, ChangesNothing) {
  append(*store_, 1, {"Ana"});
  disk_.set_content(kLog, disk_.content(kLog).replace(end_of_log(), 4, "torn"));
  const auto before = disk_.contents();
  const std::size_t writes = disk_.count(Op::kWrite);
  const std::size_t locks = disk_.count(Op::kLock);
  EXPECT_TRUE(read_store(disk_, "bets", nullptr).has_value());
  EXPECT_EQ(disk_.contents(), before);
  EXPECT_EQ(disk_.count(Op::kWrite), writes);
  EXPECT_EQ(disk_.count(Op::kLock), locks);
}

TEST_F(StoredBetsTest, WriteUnderWayIsATornTail) {
  append(*store_, 1, {"Ana"});
  auto under_way = disk_.contents();
  const std::uint64_t end = end_of_log();
  append(*store_, 1, {"Luz"});
  under_way[kLog].replace(end, 68, disk_.content(kLog).substr(end, 68));
  disk_.set_contents(under_way);
  const auto summary = read_store(disk_, "bets", &lister_);
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(summary->torn_tail, (TornTail{end, 68, kLog}));
  EXPECT_EQ(summary->log_bytes, end);
  EXPECT_THAT(lister_.seen, ElementsAre("1: Ana"));
}

TEST_F(StoredBetsTest, DamageIsAnError) {
  append(*store_, 1, {"Ana"});
  append(*store_, 1, {"Luz"});
  std::string bytes = disk_.content(kLog);
  bytes[130] = '?';
  disk_.set_content(kLog, bytes);
  const auto summary = read_store(disk_, "bets", &lister_);
  ASSERT_TRUE(summary.has_error());
  EXPECT_EQ(summary.error().code, StoreError::kDamaged);
  EXPECT_THAT(summary.error().message,
              HasSubstr("bets/bets-0000000001.log, offset 64, record 1: damaged"));
}

// A disk on which a record becomes whole between the first and the second look at it, as it does
// when a server writes meanwhile.
class LateFile final : public File {
 public:
  LateFile(std::string early, std::string late)
      : early_(std::move(early)), late_(std::move(late)) {}

  boost::system::result<std::size_t> read_at(std::span<std::byte> to,
                                             std::uint64_t offset) const override {
    const std::string& content = reads_++ < 2 ? early_ : late_;  // the header, and the first look
    const std::string part =
        content.substr(std::min<std::size_t>(offset, content.size()), to.size());
    std::ranges::copy(as_bytes(part), to.begin());
    return part.size();
  }
  boost::system::result<std::size_t> write_at(ByteView, std::uint64_t) override { return error(); }
  boost::system::error_code sync_data() override { return error(); }
  boost::system::error_code sync() override { return error(); }
  boost::system::error_code truncate(std::uint64_t) override { return error(); }
  boost::system::error_code allocate(std::uint64_t) override { return error(); }
  boost::system::result<std::uint64_t> size() const override { return late_.size(); }
  void drop_cache() const noexcept override {}
  bool bypass_cache() noexcept override { return false; }

 private:
  static boost::system::error_code error() { return {EROFS, boost::system::system_category()}; }

  const std::string early_;
  const std::string late_;
  mutable int reads_ = 0;
};

class LateFileSystem final : public FileSystem {
 public:
  LateFileSystem(std::string early, std::string late)
      : early_(std::move(early)), late_(std::move(late)) {}

  boost::system::result<std::unique_ptr<File>> open(const std::string& path, Open) const override {
    if (path != kLog) {
      return boost::system::error_code(ENOENT, boost::system::system_category());
    }
    return std::unique_ptr<File>(std::make_unique<LateFile>(early_, late_));
  }
  boost::system::result<std::unique_ptr<File>> open_locked(const std::string&) const override {
    return boost::system::error_code(EROFS, boost::system::system_category());
  }
  boost::system::error_code make_directory(const std::string&) const override { return {}; }
  boost::system::error_code rename(const std::string&, const std::string&) const override {
    return {};
  }
  boost::system::error_code remove(const std::string&) const override { return {}; }
  boost::system::result<std::vector<std::string>> list_directory(
      const std::string&) const override {
    return std::vector<std::string>{"bets-0000000001.log"};
  }
  boost::system::error_code sync_directory(const std::string&) const override { return {}; }

 private:
  const std::string early_;
  const std::string late_;
};

TEST_F(StoredBetsTest, RecordThatWasReadTooEarlyIsNotDamage) {
  append(*store_, 1, {"Ana"});
  append(*store_, 1, {"Luz"});
  append(*store_, 1, {"Sol"});
  const std::string late = disk_.content(kLog);
  std::string early = late;
  std::fill(early.begin() + 90, early.begin() + 130, '\0');
  const auto summary = read_store(LateFileSystem(early, late), "bets", &lister_);
  ASSERT_TRUE(summary.has_value()) << summary.error().message;
  EXPECT_THAT(lister_.seen, ElementsAre("1: Ana", "1: Luz", "1: Sol"));
}

// Does something once, when the store's files are listed: behind the reading of those beside the
// log.
class HookedFileSystem final : public FileSystem {
 public:
  HookedFileSystem(const FileSystem& files, std::function<void()> hook)
      : files_(files), hook_(std::move(hook)) {}

  boost::system::result<std::unique_ptr<File>> open(const std::string& path,
                                                    Open how) const override {
    return files_.open(path, how);
  }
  boost::system::result<std::unique_ptr<File>> open_locked(const std::string& path) const override {
    return files_.open_locked(path);
  }
  boost::system::error_code make_directory(const std::string& path) const override {
    return files_.make_directory(path);
  }
  boost::system::error_code rename(const std::string& from, const std::string& to) const override {
    return files_.rename(from, to);
  }
  boost::system::error_code remove(const std::string& path) const override {
    return files_.remove(path);
  }
  boost::system::result<std::vector<std::string>> list_directory(
      const std::string& path) const override {
    if (const auto hook = std::exchange(hook_, nullptr)) {
      hook();
    }
    return files_.list_directory(path);
  }
  boost::system::error_code sync_directory(const std::string& path) const override {
    return files_.sync_directory(path);
  }

 private:
  const FileSystem& files_;
  mutable std::function<void()> hook_;
};

TEST_F(StoredBetsTest, ServerThatStartsWhileTheStoreIsReadIsNoDamage) {
  append(*store_, 1, {"Ana"});
  store_.reset();
  const HookedFileSystem files(disk_, [this] {
    store_ = std::move(*FileBetStore::open({"bets"}, log_, disk_));
    append(*store_, 1, {"Luz"});
  });
  const auto summary = read_store(files, "bets", &lister_);
  ASSERT_TRUE(summary.has_value()) << summary.error().message;
  EXPECT_THAT(lister_.seen, ElementsAre("1: Ana", "1: Luz"));
}

TEST_F(StoredBetsTest, EndsWhenTheVisitorHasSeenEnough) {
  append(*store_, 1, {"Ana"});
  append(*store_, 1, {"Luz"});
  BatchLister one(1);
  const auto summary = read_store(disk_, "bets", &one);
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(summary->state.batches, 1U);
  EXPECT_THAT(one.seen, ElementsAre("1: Ana"));
}

TEST_F(StoredBetsTest, PathThatIsNoStoreIsAnError) {
  const auto summary = read_store(disk_, "elsewhere", nullptr);
  ASSERT_TRUE(summary.has_error());
  EXPECT_EQ(summary.error().code.value(), ENOENT);
  EXPECT_EQ(summary.error().message,
            "elsewhere/bets-0000000001.log: cannot open the log of a store: No such file or "
            "directory");
}

}  // namespace
}  // namespace sorteo::test
