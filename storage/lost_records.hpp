#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bet_store.hpp"
#include "storage/file_system.hpp"
#include "storage/store_repair.hpp"

namespace sorteo {

/// Adds to `plan` what the file at `path` holds behind `offset`: bytes, and sound records of the
/// log with the id `log_id`. Errors: what the system said.
std::optional<StoreFailure> count_lost(const FileSystem& files, const std::string& path,
                                       std::uint64_t offset, std::uint64_t log_id,
                                       RepairPlan& plan);

}  // namespace sorteo
