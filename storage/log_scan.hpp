#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <string>

#include "storage/file.hpp"
#include "storage/log_header.hpp"
#include "storage/stored_bets.hpp"

namespace sorteo {

/// Where the next record of a log belongs, and what it follows.
struct LogEnd {
  std::uint64_t log_id = 0;
  std::uint64_t offset = 0;
  std::uint64_t previous = 0;  ///< the checksum of the last record, or of the header
  bool is_marked = true;       ///< whether the last record is a mark, or there is none
};

struct LogScan {
  StoreSummary summary;
  LogEnd end;
};

/// Reads the header of a log. `path` is for messages. Errors: kDamaged, or what the system said.
boost::system::result<LogHeader, StoreFailure> read_log_header(const File& file,
                                                               const std::string& path);

/// Reads the log in `file` from its beginning to its end, checks every record, shows every batch to
/// `visitor` if there is one, and tells a torn tail from damage (docs/storage.md, "Recovery").
/// A visitor that ends the visit ends the scan there. `path` is for messages.
/// Errors: kDamaged with the offset and the number of the record; what the system said.
boost::system::result<LogScan, StoreFailure> scan_log(const File& file, const std::string& path,
                                                      BatchVisitor* visitor);

}  // namespace sorteo
