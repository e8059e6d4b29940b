#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "client_sdk/outbox_disk.hpp"

namespace sorteo::test {

/// A disk in memory that fails, fills up, writes short and loses its power when a test asks for it.
/// All folders exist. Not thread-safe.
class FakeOutboxDisk final : public client::OutboxDisk {
 public:
  FakeOutboxDisk();
  ~FakeOutboxDisk() override;

  /// What the file `path` holds, seen by a program; nothing when there is none.
  std::string content(const std::string& path) const;
  /// Puts a file there, durable.
  void put(const std::string& path, const std::string& content);
  std::vector<std::string> names() const;

  /// Of all calls that can fail, from now on, the `n`th from 1 fails with the errno `error`, and
  /// all after it too when `for_good`.
  void fail_nth(int n, int error, bool for_good);
  /// Whether that failure has not come up yet.
  bool has_failure_left() const;
  /// How many calls that can fail there were.
  int calls() const { return calls_; }

  /// No call writes or reads more than so many bytes.
  void limit_calls_to(std::size_t bytes) { call_limit_ = bytes; }
  /// A file may hold so many bytes; what is over fails with ENOSPC after a short write.
  void limit_files_to(std::size_t bytes) { file_limit_ = bytes; }

  /// Ends the program: the locks are gone, and what it still holds open writes no more.
  void end_program();

  /// Cuts the power: of the sectors that were written and not synced, and of the names that were
  /// given and not synced, any may be on the disk. Ends the program too.
  void cut_power(std::mt19937& random);

  boost::system::result<std::unique_ptr<client::OutboxFile>> open(const std::string& path,
                                                                  Open how) override;
  boost::system::result<std::unique_ptr<client::OutboxFile>> open_locked(
      const std::string& path) override;
  boost::system::error_code rename(const std::string& from, const std::string& to) override;
  boost::system::error_code remove(const std::string& path) override;
  boost::system::error_code sync_folder_of(const std::string& path) override;

 private:
  struct Inode;
  class OpenFile;
  using Names = std::map<std::string, std::shared_ptr<Inode>>;

  // Counts a call, and says how it fails.
  boost::system::error_code call();

  Names names_;
  Names durable_names_;
  int calls_ = 0;
  int fail_at_ = 0;
  int fail_error_ = 0;
  bool fail_for_good_ = false;
  bool failed_ = false;
  std::size_t call_limit_;
  std::size_t file_limit_;
  int run_ = 0;  // which program's calls count
};

}  // namespace sorteo::test
