#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "storage/file_bet_store.hpp"
#include "tests/storage/fake_file_system.hpp"
#include "tests/storage/test_bets.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo::test {

inline constexpr char kLog[] = "var/bets/bets.log";
inline const boost::system::error_code kSuccess;

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
    const std::string left = disk_.content(kLog);
    store_.reset();
    disk_.set_content(kLog, left);
  }

  void crash_and_open() {
    crash();
    open();
  }

  void damage(std::size_t offset) {
    std::string bytes = disk_.content(kLog);
    bytes.at(offset) = static_cast<char>(bytes.at(offset) ^ 0x20);
    disk_.set_content(kLog, bytes);
  }

  FakeFileSystem disk_;
  RecordingLog log_;
  FileStoreOptions options_{"var/bets", Durability::kFsync, 64 * 1024 * 1024,
                            std::chrono::milliseconds(0)};
  std::unique_ptr<FileBetStore> store_;
};

}  // namespace sorteo::test
