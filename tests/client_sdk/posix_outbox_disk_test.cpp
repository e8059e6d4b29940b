// The outbox on real files: what a disk in memory cannot show.

#include "client_sdk/posix_outbox_disk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "client_sdk/outbox.hpp"
#include "tests/client_sdk/outbox_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sorteo::test {
namespace {

using client::Outbox;
using ::testing::HasSubstr;
using ::testing::Optional;
using ::testing::UnorderedElementsAre;

unsigned mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0;
}

class PosixOutboxDiskTest : public ::testing::Test {
 protected:
  PosixOutboxDiskTest() {
    options_.path = directory_ / "outbox";
    options_.agency = 7;
  }

  std::string error_on_open() const {
    const auto outbox = Outbox::open(options_);
    return outbox.has_error() ? outbox.error() : "opened";
  }

  // Runs `work` in a process of its own, and says how that ended, as waitpid does.
  template <typename Work>
  static int in_child(Work work) {
    const pid_t child = ::fork();
    if (child == 0) {
      work();
      ::_exit(1);
    }
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return status;
  }

  TemporaryDirectory directory_;
  client::OutboxOptions options_;
};

TEST_F(PosixOutboxDiskTest, FilesAreTheirOwnersAlone) {
  ASSERT_TRUE(Outbox::open(options_).has_value());
  EXPECT_EQ(mode_of(options_.path), 0600U);
  EXPECT_EQ(mode_of(options_.path + ".lock"), 0600U);
  EXPECT_THAT(directory_.names(), UnorderedElementsAre("outbox", "outbox.lock"));
}

TEST_F(PosixOutboxDiskTest, WhatAKilledProgramTookIsThere) {
  const int status = in_child([this] {
    const auto outbox = Outbox::open(options_);
    if (outbox.has_value() && !(*outbox)->append(next_batch(**outbox, 5))) {
      ::kill(::getpid(), SIGKILL);
    }
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto outbox = Outbox::open(options_);
  ASSERT_TRUE(outbox.has_value());
  EXPECT_EQ((*outbox)->bets_taken(), 5U);
  EXPECT_EQ((*outbox)->torn_bytes(), 0U);
}

TEST_F(PosixOutboxDiskTest, AnotherProcessIsKeptOut) {
  const auto outbox = Outbox::open(options_);
  ASSERT_TRUE(outbox.has_value());
  const int status =
      in_child([this] { ::_exit(error_on_open().find("is in use") != std::string::npos ? 0 : 1); });
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(PosixOutboxDiskTest, LinkToTheFileIsTheSameOutbox) {
  ASSERT_TRUE(Outbox::open(options_).has_value());
  const auto outbox = Outbox::open(options_);
  ASSERT_TRUE(outbox.has_value());
  std::filesystem::create_symlink(options_.path, directory_ / "link");
  options_.path = directory_ / "link";
  EXPECT_THAT(error_on_open(), HasSubstr("is in use"));
}

TEST_F(PosixOutboxDiskTest, RewrittenFileIsStillLocked) {
  options_.rewrite_bytes = 1;
  const auto outbox = Outbox::open(options_);
  ASSERT_TRUE(outbox.has_value());
  ASSERT_EQ((*outbox)->append(next_batch(**outbox)), std::nullopt);
  ASSERT_EQ((*outbox)->settle(1, 2), std::nullopt);
  EXPECT_EQ(std::filesystem::file_size(options_.path), client::kOutboxHeaderBytes);
  EXPECT_EQ(mode_of(options_.path), 0600U);
  EXPECT_THAT(error_on_open(), HasSubstr("is in use"));
}

// A limit of the system on the size of files is what a full disk looks like.
TEST_F(PosixOutboxDiskTest, FileThatMayNotGrowEndsTheRunAndKeepsWhatItHolds) {
  const int status = in_child([this] {
    ::signal(SIGXFSZ, SIG_IGN);
    const auto outbox = Outbox::open(options_);
    if (outbox.has_error() || (*outbox)->append(next_batch(**outbox))) {
      ::_exit(2);
    }
    const auto size = std::filesystem::file_size(options_.path);
    const rlimit limit{size + 20, size + 20};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto failure = (*outbox)->append(next_batch(**outbox));
    ::_exit(failure && failure->find("File too large") != std::string::npos ? 0 : 3);
  });
  ASSERT_TRUE(WIFEXITED(status));
  ASSERT_EQ(WEXITSTATUS(status), 0);
  const auto outbox = Outbox::open(options_);
  ASSERT_TRUE(outbox.has_value());
  EXPECT_EQ((*outbox)->last_sequence(), 1U);
  EXPECT_EQ((*outbox)->torn_bytes(), 20U);
}

TEST_F(PosixOutboxDiskTest, FolderThatIsMissingIsNamed) {
  options_.path = directory_ / "missing/outbox";
  EXPECT_THAT(error_on_open(), HasSubstr("missing/outbox.lock: cannot be opened and locked: No "
                                         "such file or directory"));
}

TEST_F(PosixOutboxDiskTest, FolderIsNoOutbox) {
  std::filesystem::create_directory(options_.path);
  EXPECT_THAT(error_on_open(), HasSubstr("cannot be opened: Is a directory"));
}

}  // namespace
}  // namespace sorteo::test
