#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>

#include "storage/file_window.hpp"
#include "storage/log_record.hpp"

namespace sorteo {

/// Finds the sound records of a log in a file, wherever they stand in it, by their magic: to tell
/// damage from a torn tail, and to say what is lost behind damage.
class RecordSearch final {
 public:
  /// Looks through `window` from `at` on.
  RecordSearch(FileWindow& window, std::uint64_t at, std::uint64_t log_id) noexcept
      : window_(window), at_(at), log_id_(log_id) {}

  struct Found {
    std::uint64_t at;  ///< in the file
    RecordHeader header;
    ByteView payload;  ///< lives until the next step
  };

  /// The next sound record whose header says that bytes behind `suspect` were durable; nothing at
  /// the end. 0 for `suspect` asks for every record. Errors: what the system said.
  boost::system::result<std::optional<Found>> next(std::uint64_t suspect = 0);

 private:
  boost::system::result<std::optional<Found>> try_at(std::uint64_t suspect);

  FileWindow& window_;
  std::uint64_t at_;
  const std::uint64_t log_id_;
};

}  // namespace sorteo
