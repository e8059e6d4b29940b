#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

#include "client_sdk/outbox_disk.hpp"
#include "core/bytes.hpp"

namespace sorteo::client {

/// Fills `to` from `offset` on, through short reads and interruptions. Says how many bytes it read:
/// fewer than `to.size()` only at the end of the file.
boost::system::result<std::size_t> read_fully(const OutboxFile& file, std::span<std::byte> to,
                                              std::uint64_t offset);

/// Writes all of `from` at `offset`, through short writes and interruptions. After an error, any
/// part of it may have been written.
[[nodiscard]] boost::system::error_code write_fully(OutboxFile& file, ByteView from,
                                                    std::uint64_t offset);

}  // namespace sorteo::client
