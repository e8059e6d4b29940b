#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "storage/file_bet_store.hpp"
#include "storage/segment_header.hpp"
#include "tests/storage/fake_file_system.hpp"
#include "tests/storage/test_bets.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo::test {

inline constexpr char kLog[] = "var/bets/bets-0000000001.log";
inline constexpr std::size_t kHeader = kSegmentHeaderBytes;
inline constexpr std::uint64_t kSmallSegment = 4096;
inline const boost::system::error_code kSuccess;

/// A store whose segments are small, so that tests are fast.
inline FileStoreOptions small_store(const std::string& path) {
  FileStoreOptions options;
  options.path = path;
  options.segments = {kSmallSegment, 4 * kSmallSegment};
  return options;
}

/// A file store on a disk in memory.
class FileBetStoreTest : public ::testing::Test {
 protected:
  boost::system::result<std::unique_ptr<FileBetStore>, StoreFailure> try_open() {
    return FileBetStore::open(options_, log_, disk_);
  }

  void open() {
    store_.reset();
    auto store = try_open();
    ASSERT_TRUE(store.has_value()) << store.error().message;
    store_ = std::move(*store);
  }

  // What a crash of the program leaves, here and now, to the next one.
  void crash() {
    const auto left = disk_.contents();
    store_.reset();
    disk_.set_contents(left);
  }

  void crash_and_open() {
    crash();
    open();
  }

  // Up to the last byte that is not zero.
  std::string log_bytes() const {
    const std::string bytes = disk_.content(kLog);
    return bytes.substr(0, bytes.find_last_not_of('\0') + 1);
  }

  void damage(std::size_t offset) {
    std::string bytes = disk_.content(kLog);
    bytes.at(offset) = static_cast<char>(bytes.at(offset) ^ 0x20);
    disk_.set_content(kLog, bytes);
  }

  FakeFileSystem disk_;
  RecordingLog log_;
  FileStoreOptions options_ = small_store("var/bets");
  std::unique_ptr<FileBetStore> store_;
};

}  // namespace sorteo::test
