#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/bet_store.hpp"
#include "storage/file_system.hpp"
#include "storage/read_ahead.hpp"

namespace sorteo {

/// What is wrong at the very end of a log, and harmless: a write that a crash cut short, never
/// acknowledged. Beside a server that writes it may also be a write that is not complete yet.
struct TornTail {
  std::uint64_t offset = 0;  ///< where the good part of the log ends
  std::uint64_t bytes = 0;   ///< from there to the last byte that is not zero
  std::string file = {};     ///< the path of the file that holds them

  friend bool operator==(const TornTail&, const TornTail&) = default;
};

struct StoreSummary {
  StoreState state;
  std::uint64_t records = 0;
  std::uint64_t log_bytes = 0;  ///< the good part of the log
  std::optional<TornTail> torn_tail = std::nullopt;
  std::uint64_t segments = 0;  ///< files that the log consists of
  /// What is wrong beside the log and costs nothing but time, as an unsound checkpoint: a sentence
  /// each.
  std::vector<std::string> warnings = {};

  friend bool operator==(const StoreSummary&, const StoreSummary&) = default;
};

/// Told how many bytes of how many have been read, now and then.
using StoreProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Reads the store in directory `path` from its beginning to its end, checks every record and that
/// the checkpoint, the witness and the winners agree with them, and shows every batch to `visitor`,
/// if there is one, in the order in which they were stored. Changes nothing, takes no lock, and may
/// run beside a server that has the store open; it then holds at least what had been acknowledged
/// when it began. Memory does not grow with the bets. A visitor that ends the visit ends the
/// reading: the summary then tells of what was read until there. Errors: kDamaged with file, offset
/// and record; what the system said, as for a path that is no store.
boost::system::result<StoreSummary, StoreFailure> read_store(const std::string& path,
                                                             BatchVisitor* visitor,
                                                             const StoreProgress& progress = {});

/// The same from `files`.
boost::system::result<StoreSummary, StoreFailure> read_store(const FileSystem& files,
                                                             const std::string& path,
                                                             BatchVisitor* visitor,
                                                             const StoreProgress& progress = {},
                                                             ReadAheadOptions read_ahead = {});

/// The same as read_store(), with the batches shown in parts (BetStore::visit_parts).
boost::system::result<StoreSummary, StoreFailure> read_store_parts(
    const std::string& path, PartVisitor* visitor, const StoreProgress& progress = {});

/// The same from `files`.
boost::system::result<StoreSummary, StoreFailure> read_store_parts(
    const FileSystem& files, const std::string& path, PartVisitor* visitor,
    const StoreProgress& progress = {}, ReadAheadOptions read_ahead = {});

}  // namespace sorteo
