#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "core/bet_store.hpp"
#include "storage/file.hpp"
#include "storage/file_system.hpp"

namespace sorteo {

/// The log of the store in directory `path`.
std::string log_path(const std::string& path);

/// The directory of a store, held against other processes for as long as this lives.
struct StoreDirectory {
  std::unique_ptr<File> lock;
  std::unique_ptr<File> log;
};

/// Opens the directory `path` of a store and locks it; makes the directory, with those above it,
/// and an empty log with the id `new_log_id`, if they are not there. The log appears whole,
/// durably, or not at all. Errors: kLocked; what the system said.
boost::system::result<StoreDirectory, StoreFailure> open_store_directory(const FileSystem& files,
                                                                         const std::string& path,
                                                                         std::uint64_t new_log_id);

}  // namespace sorteo
