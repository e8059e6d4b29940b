// The store on real files: what a disk in memory cannot show.

#include "storage/posix_file_system.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <span>

#include "storage/block_buffer.hpp"
#include "storage/file_bet_store.hpp"
#include "storage/file_io.hpp"
#include "storage/stored_bets.hpp"
#include "tests/storage/test_bets.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sorteo::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

unsigned mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0;
}

class PosixFileSystemTest : public ::testing::Test {
 protected:
  boost::system::result<std::unique_ptr<FileBetStore>, StoreFailure> open() {
    return FileBetStore::open({path_}, log_);
  }

  TemporaryDirectory directory_;
  RecordingLog log_;
  const std::string path_ = directory_ / "var/bets";
};

TEST_F(PosixFileSystemTest, MakesEverythingForTheOwnerAlone) {
  const auto store = open();
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ(mode_of(directory_ / "var"), 0700U);
  EXPECT_EQ(mode_of(path_), 0700U);
  EXPECT_EQ(mode_of(path_ + "/bets-0000000001.log"), 0600U);
  EXPECT_EQ(mode_of(path_ + "/LOCK"), 0600U);
}

TEST_F(PosixFileSystemTest, ShowsToOthersWhatWentPastTheCache) {
  const PosixFileSystem files;
  const std::string path = directory_ / "segment";
  const auto writing = files.open(path, FileSystem::Open::kCreate);
  const auto reading = files.open(path, FileSystem::Open::kRead);
  ASSERT_TRUE(writing.has_value() && reading.has_value());
  ASSERT_FALSE(write_zeros(**writing, 0, 2 * File::kBlock));
  ASSERT_FALSE((*writing)->sync());
  // Here, or where the system knows no such thing, through the cache.
  (*writing)->bypass_cache();
  BlockBuffer blocks;
  std::string seen(File::kBlock, '\0');
  for (const std::string& content :
       {std::string(File::kBlock, 'a'), std::string(File::kBlock, 'b')}) {
    std::ranges::copy(as_bytes(content), blocks.extend(content.size()).begin());
    ASSERT_FALSE(write_fully(**writing, blocks.bytes(), File::kBlock));
    ASSERT_FALSE((*writing)->sync_data());
    ASSERT_TRUE(read_fully(**reading, std::as_writable_bytes(std::span(seen)), File::kBlock));
    EXPECT_TRUE(seen == content);
    blocks.clear();
  }
}

TEST_F(PosixFileSystemTest, LockKeepsOutThisProcess) {
  const auto store = open();
  ASSERT_TRUE(store.has_value());
  const auto second = open();
  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error().code, StoreError::kLocked);
  EXPECT_THAT(second.error().message, HasSubstr(path_));
}

TEST_F(PosixFileSystemTest, LockKeepsOutAnotherProcess) {
  const auto store = open();
  ASSERT_TRUE(store.has_value());
  const pid_t child = ::fork();
  if (child == 0) {
    const auto second = PosixFileSystem().open_locked(path_ + "/LOCK");
    ::_exit(second.has_error() && second.error() == StoreError::kLocked ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(PosixFileSystemTest, LockEndsWithTheStore) {
  ASSERT_TRUE(open().has_value());
  EXPECT_TRUE(open().has_value());
}

TEST_F(PosixFileSystemTest, StoreIsReadBack) {
  {
    const auto store = open();
    ASSERT_TRUE(store.has_value());
    append(**store, 1, {"Ana", "Luz"});
    finish(**store, 1);
    hold_draw(**store, 7574);
  }
  BatchLister lister;
  const auto summary = read_store(path_, &lister);
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(summary->state, (StoreState{1, 2, {1}, 7574}));
  EXPECT_THAT(lister.seen, ElementsAre("1: Ana Luz"));
}

TEST_F(PosixFileSystemTest, TornTailIsCutOff) {
  {
    const auto store = open();
    ASSERT_TRUE(store.has_value());
    append(**store, 1, {"Ana"});
  }
  // Without the witness, which knows that the log was closed.
  ASSERT_EQ(::unlink((path_ + "/durable").c_str()), 0);
  {
    std::fstream file(path_ + "/bets-0000000001.log");
    file.seekp(1000);
    file << "torn";
  }
  const auto store = open();
  ASSERT_TRUE(store.has_value()) << store.error().message;
  EXPECT_THAT(bets_in(**store), ElementsAre("1: Ana"));
  EXPECT_TRUE(log_.contains("store_cut_torn_tail"));
}

TEST_F(PosixFileSystemTest, ListsTheNamesOfADirectory) {
  std::ofstream(directory_ / "a") << "a";
  std::ofstream(directory_ / "b") << "b";
  const PosixFileSystem files;
  const auto names = files.list_directory(directory_ / ".");
  ASSERT_TRUE(names.has_value());
  EXPECT_THAT(*names, ::testing::UnorderedElementsAre("a", "b"));
  EXPECT_TRUE(files.list_directory(directory_ / "none").has_error());
}

TEST_F(PosixFileSystemTest, RemovesAName) {
  std::ofstream(directory_ / "a") << "a";
  const PosixFileSystem files;
  EXPECT_FALSE(files.remove(directory_ / "a"));
  EXPECT_EQ(files.remove(directory_ / "a"), boost::system::errc::no_such_file_or_directory);
}

TEST_F(PosixFileSystemTest, DirectoryThatCannotBeMadeIsNamed) {
  std::ofstream(directory_ / "var") << "a file";
  const auto store = open();
  ASSERT_TRUE(store.has_error());
  EXPECT_THAT(store.error().message, HasSubstr(path_ + ": cannot make the directory: Not a direc"));
}

}  // namespace
}  // namespace sorteo::test
