#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <string>

#include "client_sdk/outbox_disk.hpp"
#include "client_sdk/outbox_format.hpp"
#include "client_sdk/outbox_state.hpp"

namespace sorteo::client {

/// What the file of an outbox holds.
struct OutboxContent {
  OutboxState state;
  std::uint64_t end = 0;       ///< behind the last sound record
  std::uint64_t torn = 0;      ///< bytes behind it, of a write that a crash cut short
  std::uint64_t previous = 0;  ///< the checksum of the last sound record, or of the header
  bool is_marked = false;      ///< whether all before the last record is known to be durable
};

/// Reads the header of the outbox in `file`. The error is a sentence that names `path`.
boost::system::result<OutboxHeader, std::string> read_outbox_header(const OutboxFile& file,
                                                                    const std::string& path);

/// Reads and checks every record. The error is a sentence that names `path` and, for damage, the
/// offset: anything that is no torn tail (docs/outbox.md, "Recovery"). Memory: the unsettled
/// batches, and a window of 256 KiB or the longest record.
boost::system::result<OutboxContent, std::string> read_outbox(const OutboxFile& file,
                                                              const std::string& path,
                                                              const OutboxHeader& header);

}  // namespace sorteo::client
