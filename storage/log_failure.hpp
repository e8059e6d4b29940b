#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/bet_store.hpp"

namespace sorteo {

// What a person is told about a log, or a directory of one, that cannot be used: what is wrong,
// where, and what to do.

/// The bytes at `offset` of the file are not what was written there. `record` counts from 1; 0 is
/// the header.
StoreFailure damaged(const std::string& path, std::uint64_t offset, std::uint64_t record,
                     std::string_view fault);

/// A sound record that a later version of the program must have written.
StoreFailure newer_record(const std::string& path, std::uint64_t offset, std::uint64_t record);

/// A sound log in another version of the format.
StoreFailure newer_log(const std::string& path);

/// A log of the format before the segments.
StoreFailure old_log(const std::string& path);

/// No store, where one was to be read; `path` is the first file that it would have.
StoreFailure no_store(const std::string& path);

/// The system could not read at `offset`.
StoreFailure unreadable(const std::string& path, std::uint64_t offset,
                        boost::system::error_code error);

/// The system could not do `what` ("open", "lock", ...) to `path`.
StoreFailure cannot(std::string_view what, const std::string& path,
                    boost::system::error_code error);

}  // namespace sorteo
