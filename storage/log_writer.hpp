#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/bet_store.hpp"
#include "storage/file.hpp"
#include "storage/log_scan.hpp"

namespace sorteo {

/// Appends records to a log and makes them durable. Not thread-safe.
///
/// A write that finds no room is undone, and later ones may succeed. After any other error it is
/// unknown what is on the disk: the file is not touched again, and everything fails.
class LogWriter final {
 public:
  enum class Sync {
    kEachCommit,  ///< a commit has succeeded when its records are on the disk
    kAtClose,     ///< a commit has succeeded when the system has its records
  };

  /// Goes on at `end` of `file`, which is durable up to there. `path` is for messages.
  LogWriter(std::unique_ptr<File> file, std::string path, const LogEnd& end, Sync sync);
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  /// Gives the records, each as append_*_record made it, their places at the end of the log, writes
  /// them in one go, and syncs. Errors: kFull, when nothing of them was stored; kFailed.
  boost::system::error_code commit(std::span<std::byte> records);

  /// Writes a mark, if it tells a reader anything new: then damage to what stands before it can be
  /// told from a torn tail. Does not sync. Errors: kFailed. A full disk is no error.
  boost::system::error_code mark();

  /// Makes durable what is not yet. Errors: kFailed.
  boost::system::error_code sync();

  /// Whether the disk is known to have everything.
  bool is_durable() const noexcept { return durable_ == end_.offset; }

  /// Makes everything durable, ends the log with a mark, and closes the file. Nothing on success.
  [[nodiscard]] std::optional<StoreFailure> close();

  /// The end of the last commit that succeeded.
  std::uint64_t end() const noexcept { return end_.offset; }

  /// What went wrong first, once anything has failed with kFailed.
  const std::optional<StoreFailure>& failure() const noexcept { return failure_; }

 private:
  LogEnd seal(std::span<std::byte> records) const noexcept;
  boost::system::error_code append(std::span<std::byte> records);
  boost::system::error_code undo();
  boost::system::error_code fail(std::string_view what, boost::system::error_code error);

  std::unique_ptr<File> file_;
  const std::string path_;
  const Sync sync_;
  LogEnd end_;
  std::uint64_t durable_;
  std::vector<std::byte> mark_;
  std::optional<StoreFailure> failure_;
};

}  // namespace sorteo
