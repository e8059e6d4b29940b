#include "storage/segment_writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "tests/storage/fake_file_system.hpp"

namespace sorteo::test {
namespace {

constexpr std::size_t kBlock = File::kBlock;
constexpr std::size_t kCapacity = 4 * kBlock;
constexpr char kPath[] = "segment";

class SegmentWriterTest : public testing::Test {
 protected:
  SegmentWriterTest() {
    disk_.let_bypass_cache();
    disk_.set_content(kPath, std::string(kCapacity, '\0'));
  }

  SegmentWriter open(std::uint64_t capacity = kCapacity) {
    return {std::move(*disk_.open(kPath, FileSystem::Open::kWrite)), capacity};
  }

  static boost::system::error_code write(SegmentWriter& writer, const std::string& text,
                                         std::uint64_t offset) {
    BlockBuffer records;
    std::ranges::copy(as_bytes(text), records.extend(text.size()).begin());
    return writer.write(records, text.size(), offset);
  }

  // What is in the file, and zeros to its end.
  void expect_content(std::string text) const {
    text.resize(kCapacity);
    EXPECT_TRUE(disk_.content(kPath) == text);
  }

  FakeFileSystem disk_;
};

TEST_F(SegmentWriterTest, AddsToTheHeader) {
  auto writer = open();
  EXPECT_FALSE(writer.begin(as_bytes("header")));
  EXPECT_FALSE(write(writer, " and records", 6));
  expect_content("header and records");
}

TEST_F(SegmentWriterTest, AddsToTheBlockInWhichTheLastWriteEnded) {
  auto writer = open();
  const std::string first(kBlock - 1, 'a');
  const std::string second(kBlock + 2, 'b');
  EXPECT_FALSE(write(writer, first, 0));
  EXPECT_FALSE(write(writer, second, first.size()));
  EXPECT_FALSE(write(writer, "c", first.size() + second.size()));
  expect_content(first + second + "c");
}

TEST_F(SegmentWriterTest, AddsToAnEndOfABlock) {
  auto writer = open();
  const std::string whole(kBlock, 'a');
  EXPECT_FALSE(write(writer, whole, 0));
  EXPECT_FALSE(write(writer, "b", kBlock));
  expect_content(whole + "b");
}

TEST_F(SegmentWriterTest, AddsToWhatStoodInTheFile) {
  const std::string before = std::string(kBlock, 'a') + "before";
  disk_.set_content(kPath, before + std::string(kCapacity - before.size(), '\0'));
  auto writer = open();
  EXPECT_FALSE(write(writer, ", after", before.size()));
  expect_content(before + ", after");
}

TEST_F(SegmentWriterTest, SaysThatItCannotReadWhatStoodThere) {
  auto writer = open();
  disk_.fail(FakeFileSystem::Op::kRead, EIO);
  EXPECT_EQ(write(writer, "after", 10).value(), EIO);
  expect_content("");
}

TEST_F(SegmentWriterTest, LeavesInTheBufferWhatIsNotWritten) {
  auto writer = open();
  BlockBuffer records;
  std::ranges::copy(as_bytes("now, later"), records.extend(10).begin());
  EXPECT_FALSE(writer.write(records, 3, 0));
  expect_content("now");
  records.drop_front(3);
  EXPECT_FALSE(writer.write(records, 7, 3));
  expect_content("now, later");
}

TEST_F(SegmentWriterTest, ClearsWhatFailed) {
  auto writer = open();
  EXPECT_FALSE(write(writer, "stays", 0));
  const std::string lost(2 * kBlock, 'x');
  EXPECT_FALSE(write(writer, lost, 5));
  EXPECT_FALSE(writer.clear(5, lost.size()));
  expect_content("stays");
  EXPECT_FALSE(write(writer, " here", 5));
  expect_content("stays here");
}

TEST_F(SegmentWriterTest, UsesTheCacheForAFileThatEndsWithinABlock) {
  auto writer = open(kCapacity - 1);
  EXPECT_FALSE(write(writer, "a", 7));
  EXPECT_EQ(disk_.count(FakeFileSystem::Op::kRead), 0U);
  expect_content(std::string(7, '\0') + "a");
}

}  // namespace
}  // namespace sorteo::test
