#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "core/bet_store.hpp"
#include "core/log.hpp"
#include "storage/file_system.hpp"
#include "storage/log_writer.hpp"

namespace sorteo {

/// A log that was opened, and what was found in it.
struct RecoveredLog {
  OpenLog open;
  Ledger ledger;
  StoreState state;
  /// An encoded checkpoint that ought to be written, so that the next opening has less to read;
  /// may be empty.
  std::string checkpoint;
};

/// Opens the log of the store in `directory`, which is locked, and recovers what is there: reads it
/// from its checkpoint on, cuts off a torn tail, and makes durable what is left. Makes a log with
/// the id `new_log_id` and a first segment of `first_segment_bytes`, if there is none. What it
/// changes, and what is wrong beside the log, it says in `log`.
/// Errors: kDamaged, when nothing was changed; what the system said.
boost::system::result<RecoveredLog, StoreFailure> recover_log(const FileSystem& files,
                                                              const std::string& directory,
                                                              std::uint64_t new_log_id,
                                                              std::uint64_t first_segment_bytes,
                                                              Log& log);

}  // namespace sorteo
