#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/bytes.hpp"
#include "storage/file.hpp"

namespace sorteo {

/// Fills `to` from `offset` on, through short reads and interruptions. Says how many bytes it read:
/// fewer than `to.size()` only at the end of the file.
boost::system::result<std::size_t> read_fully(const File& file, std::span<std::byte> to,
                                              std::uint64_t offset);

/// Writes all of `from` at `offset`, through short writes and interruptions. After an error, any
/// part of it may have been written.
boost::system::error_code write_fully(File& file, ByteView from, std::uint64_t offset);

/// Writes `size` zeros at `offset`, as write_fully() does; in whole blocks if both are.
boost::system::error_code write_zeros(File& file, std::uint64_t offset, std::uint64_t size);

}  // namespace sorteo
