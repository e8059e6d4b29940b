#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "core/bet_store.hpp"
#include "storage/file_system.hpp"

namespace sorteo {

/// What is wrong at the very end of a log, and harmless: a write that a crash cut short, never
/// acknowledged. Beside a server that writes it may also be a write that is not complete yet.
struct TornTail {
  std::uint64_t offset = 0;  ///< where the good part of the log ends
  std::uint64_t bytes = 0;   ///< how many bytes follow it

  friend bool operator==(const TornTail&, const TornTail&) = default;
};

struct StoreSummary {
  StoreState state;
  std::uint64_t records = 0;
  std::uint64_t log_bytes = 0;  ///< the good part of the log
  std::optional<TornTail> torn_tail;

  friend bool operator==(const StoreSummary&, const StoreSummary&) = default;
};

/// Reads the store in directory `path` from its beginning to its end, checks every record, and
/// shows every batch to `visitor`, if there is one, in the order in which they were stored. Changes
/// nothing, takes no lock, and may run beside a server that has the store open; it then ends with
/// what had been written when it began. Memory does not grow with the store. A visitor that ends
/// the visit ends the reading: the summary then tells of what was read until there. Errors:
/// kDamaged with file and offset; what the system said, as for a path that is no store.
boost::system::result<StoreSummary, StoreFailure> read_store(const std::string& path,
                                                             BatchVisitor* visitor);

/// The same from `files`.
boost::system::result<StoreSummary, StoreFailure> read_store(const FileSystem& files,
                                                             const std::string& path,
                                                             BatchVisitor* visitor);

}  // namespace sorteo
