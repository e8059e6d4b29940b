#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bet_store.hpp"
#include "storage/file_system.hpp"

namespace sorteo {

// The names of the files of a store (docs/storage.md).
inline constexpr std::string_view kLockName = "LOCK";
inline constexpr std::string_view kCheckpointName = "checkpoint";
inline constexpr std::string_view kWitnessName = "durable";
inline constexpr std::string_view kWinnersName = "winners";
/// A segment that is prepared, before it has its name.
inline constexpr std::string_view kNextSegmentName = "next.new";
/// The log of the format before this one, which was one file.
inline constexpr std::string_view kOldLogName = "bets.log";

std::string within(const std::string& directory, std::string_view name);

/// `bets-0000000007.log`
std::string segment_name(std::uint64_t number);
std::string segment_path(const std::string& directory, std::uint64_t number);
/// Nothing for a name that no segment has.
std::optional<std::uint64_t> segment_number(std::string_view name);

/// What a directory of a store holds.
struct StoreFiles {
  std::vector<std::uint64_t> segments;  ///< their numbers, in order
  std::vector<std::string> names;       ///< all that is there

  bool has(std::string_view name) const;
};

/// Looks what the directory `path` holds. Errors: kDamaged when a segment is missing between two
/// others, or before the first; the store is of an old format; what the system said.
boost::system::result<StoreFiles, StoreFailure> list_store(const FileSystem& files,
                                                           const std::string& path);

/// The same, without a look at the segments that are missing.
boost::system::result<StoreFiles, StoreFailure> list_store_with_gaps(const FileSystem& files,
                                                                     const std::string& path);

/// The first of `<start><n>`, n = 1, 2, ..., that is not among the names.
std::string free_name(const StoreFiles& listing, const std::string& start);

/// All of the file at `path`, or its first `most` bytes if it has more; nothing when it is not
/// there. Errors: what the system said; not_enough_memory.
boost::system::result<std::optional<std::string>> read_whole_file(const FileSystem& files,
                                                                  const std::string& path,
                                                                  std::size_t most);

/// Puts a file `name` with that content into `directory`, in place of one that may be there: after
/// a crash there is the old one, whole, or the new one, durably. Errors: what the system said; then
/// the old one is still there, unless only the directory could not be synced.
std::optional<StoreFailure> replace_file(const FileSystem& files, const std::string& directory,
                                         std::string_view name, std::string_view content);

/// Whether the system said that there is no room: ENOSPC or EDQUOT.
bool is_full(boost::system::error_code error) noexcept;

}  // namespace sorteo
