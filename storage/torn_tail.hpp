#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "core/bet_store.hpp"
#include "storage/file_system.hpp"

namespace sorteo {

/// Copies `bytes` bytes at `offset` of the file at `path` into a new file `name` of `directory`,
/// durably. Errors: what the system said; then there is no such file, or only a part of it.
std::optional<StoreFailure> keep_bytes(const FileSystem& files, const std::string& path,
                                       std::uint64_t offset, std::uint64_t bytes,
                                       const std::string& directory, const std::string& name);

/// Puts zeros in place of `bytes` bytes at `offset` of the file at `path`, durably, which may be
/// behind its end.
std::optional<StoreFailure> zero_bytes(const FileSystem& files, const std::string& path,
                                       std::uint64_t offset, std::uint64_t bytes);

}  // namespace sorteo
