#include "apps/cli/stable_file.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>
#include <filesystem>
#include <fstream>

#include "tests/support/temporary_directory.hpp"

namespace sorteo::cli {
namespace {

using testing::HasSubstr;

class StableFileTest : public testing::Test {
 protected:
  // What a whole pass reads, or the error that ends it.
  static std::string read_pass(StableFile& file) {
    std::string text;
    char room[7];
    for (;;) {
      const auto got = file.read(room);
      if (got.has_error()) {
        return "error: " + got.error().message;
      }
      if (*got == 0) {
        return text;
      }
      text.append(room, *got);
    }
  }

  // Gives the file the time of change that it had, so that only its content tells.
  static void write_unnoticed(const std::string& path, std::string_view content) {
    const auto before = std::filesystem::last_write_time(path);
    std::ofstream(path, std::ios::binary) << content;
    std::filesystem::last_write_time(path, before);
  }

  test::TemporaryDirectory folder_;
};

TEST_F(StableFileTest, ReadsTheSameTwice) {
  const auto file = StableFile::open(folder_.write("bets.csv", "twelve bytes"));
  EXPECT_EQ(read_pass(**file), "twelve bytes");
  (*file)->rewind();
  EXPECT_EQ(read_pass(**file), "twelve bytes");
}

TEST_F(StableFileTest, MissingFileIsNamed) {
  const auto file = StableFile::open("no/such.csv");
  EXPECT_EQ(file.error().message, "no/such.csv: cannot be opened: No such file or directory");
}

TEST_F(StableFileTest, WhatCannotBeReadTwiceIsRefused) {
  EXPECT_THAT(StableFile::open(folder_ / "").error().message, HasSubstr("is not a regular file"));
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(StableFile::open(folder_ / "pipe").error().message,
              HasSubstr("is not a regular file"));
}

TEST_F(StableFileTest, GrownFileIsNoticed) {
  const std::string path = folder_.write("bets.csv", "twelve bytes");
  const auto file = StableFile::open(path);
  EXPECT_EQ(read_pass(**file), "twelve bytes");
  (*file)->rewind();
  std::ofstream(path, std::ios::app) << "!";
  EXPECT_THAT(read_pass(**file), HasSubstr("bets.csv: has changed while it was being read"));
}

TEST_F(StableFileTest, OtherContentOfTheSameSizeAndTimeIsNoticed) {
  const std::string path = folder_.write("bets.csv", "twelve bytes");
  const auto file = StableFile::open(path);
  EXPECT_EQ(read_pass(**file), "twelve bytes");
  (*file)->rewind();
  write_unnoticed(path, "TWELVE BYTES");
  EXPECT_THAT(read_pass(**file), HasSubstr("has changed while it was being read"));
}

TEST_F(StableFileTest, ReplacedFileIsReadAsItWasOpened) {
  const std::string path = folder_.write("bets.csv", "twelve bytes");
  const auto file = StableFile::open(path);
  std::filesystem::rename(folder_.write("other.csv", "other"), path);
  EXPECT_EQ(read_pass(**file), "twelve bytes");
}

}  // namespace
}  // namespace sorteo::cli
