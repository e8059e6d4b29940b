#pragma once

#include <condition_variable>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/file_system.hpp"

namespace sorteo::test {

/// A disk in memory that does what a test asks of it: it fails, fills up, writes short, stalls, or
/// loses its power. Directories always exist, unless they are asked for as files. Thread-safe.
class FakeFileSystem final : public FileSystem {
 public:
  enum class Op {
    kOpen,
    kLock,
    kMakeDirectory,
    kRename,
    kRemove,
    kList,
    kSyncDirectory,
    kRead,
    kWrite,
    kSync,
    kTruncate,
    kAllocate,
    kSize,
  };
  static constexpr int kForGood = std::numeric_limits<int>::max();

  /// The next `times` calls of this kind fail with the errno `error`.
  void fail(Op op, int error, int times = 1);
  /// Of all calls from now on, the `n`th, from 1, fails, and those after it up to `times`.
  void fail_nth(int n, int error, int times = 1);
  /// Whether a failure that was asked for has not come up yet.
  bool has_failure_left() const;

  /// Files may hold so many bytes together; what is over fails with ENOSPC after a short write.
  void limit_to(std::size_t bytes);
  /// No call writes or reads more than so many bytes.
  void limit_calls_to(std::size_t bytes);

  /// Files that are asked to, bypass the cache from now on: then they take whole blocks alone.
  void let_bypass_cache();

  /// What is written is on the disk at once, as the system may do it; what is cut off, still is
  /// not.
  void write_through();

  /// A sync that fails gives up what it ought to have written, as Linux does: it can still be read
  /// from the cache, and no later sync writes it.
  void give_up_failed_syncs();

  /// Syncs block from now on, until they are let go.
  void hold_syncs();
  void let_syncs_go();
  /// Waits until a sync blocks. False when none did after a long time: then none will, so that what
  /// the test has opened can close.
  [[nodiscard]] bool await_held_sync();

  std::size_t count(Op op) const;
  /// Waits until so many calls of that kind were made. False when they were not after a long time.
  bool await_count(Op op, std::size_t count) const;

  std::string content(const std::string& path) const;
  void set_content(const std::string& path, std::string_view content);
  bool exists(const std::string& path) const;
  /// All files, by their paths. Setting them takes away the others, and all locks.
  std::map<std::string, std::string> contents() const;
  void set_contents(const std::map<std::string, std::string>& contents);
  /// The same as they would be left after a power cut now, at the worst, with their names.
  std::map<std::string, std::string> durable_contents() const;

  /// What would be left after a power cut now, at the worst: only what was synced.
  std::string durable_content(const std::string& path) const;

  boost::system::result<std::unique_ptr<File>> open(const std::string& path,
                                                    Open how) const override;
  boost::system::result<std::unique_ptr<File>> open_locked(const std::string& path) const override;
  boost::system::error_code make_directory(const std::string& path) const override;
  boost::system::error_code rename(const std::string& from, const std::string& to) const override;
  boost::system::error_code remove(const std::string& path) const override;
  boost::system::result<std::vector<std::string>> list_directory(
      const std::string& path) const override;
  boost::system::error_code sync_directory(const std::string& path) const override;

 private:
  friend class FakeFile;

  struct Inode {
    std::string content;
    std::string durable;
    bool given_up = false;
    bool locked = false;
  };
  struct Failure {
    std::optional<Op> op;  // of any kind, when empty
    int skip = 0;
    int times = 0;
    int error = 0;
  };

  // These are called with the mutex held.
  boost::system::error_code begin(Op op) const;
  std::size_t used() const;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  mutable std::map<std::string, std::shared_ptr<Inode>> inodes_;
  mutable std::map<Op, std::size_t> counts_;
  mutable Failure failure_;
  std::size_t capacity_ = std::numeric_limits<std::size_t>::max();
  std::size_t call_limit_ = std::numeric_limits<std::size_t>::max();
  bool can_bypass_cache_ = false;
  bool write_through_ = false;
  bool give_up_failed_syncs_ = false;
  bool hold_syncs_ = false;
  mutable int held_syncs_ = 0;
};

}  // namespace sorteo::test
