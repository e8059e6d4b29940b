#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "core/bet_store.hpp"
#include "storage/file.hpp"
#include "storage/file_system.hpp"

namespace sorteo {

/// Opens the directory `path` of a store and locks it for as long as the file lives that this
/// returns. Makes the directory, with those above it, durably, if they are not there. Errors:
/// kLocked; what the system said.
boost::system::result<std::unique_ptr<File>, StoreFailure> lock_store_directory(
    const FileSystem& files, const std::string& path);

/// The same for a directory that must be there.
boost::system::result<std::unique_ptr<File>, StoreFailure> lock_present_store_directory(
    const FileSystem& files, const std::string& path);

}  // namespace sorteo
