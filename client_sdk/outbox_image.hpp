#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <deque>

#include "client_sdk/outbox_disk.hpp"
#include "client_sdk/outbox_format.hpp"
#include "client_sdk/outbox_state.hpp"

namespace sorteo::client {

/// Where the next record of an outbox goes, and what it follows.
struct OutboxEnd {
  std::uint64_t offset = 0;
  std::uint64_t previous = 0;  ///< the checksum of the last record, or of the header
};

/// Writes a whole outbox into the empty `file` and makes it durable: the header, whose checksum it
/// sets, and the batches that follow it. After an error, `file` holds any part of it.
boost::system::result<OutboxEnd> write_outbox_image(OutboxFile& file, OutboxHeader& header,
                                                    const std::deque<OutboxBatch>& batches);

}  // namespace sorteo::client
