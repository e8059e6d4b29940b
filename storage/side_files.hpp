#pragma once

#include <boost/system/result.hpp>
#include <optional>
#include <string>
#include <vector>

#include "storage/checkpoint.hpp"
#include "storage/file_system.hpp"
#include "storage/log_scan.hpp"
#include "storage/witness.hpp"

namespace sorteo {

/// The small files that stand beside the segments of a log, as they were found.
struct SideFiles {
  std::optional<Checkpoint> checkpoint;
  std::string checkpoint_bytes;  ///< of `checkpoint`
  bool has_witness = false;      ///< whether the file is there, sound or not
  std::optional<Testimony> testimony;
  std::optional<std::string> winners;  ///< not decoded
  std::vector<std::string> warnings;   ///< about files that are not sound: a sentence each
};

/// Reads them. Errors: what the system said.
boost::system::result<SideFiles, StoreFailure> read_side_files(const FileSystem& files,
                                                               const std::string& directory);

/// What they say about the log.
std::vector<LogClaim> claims_of(const SideFiles& side_files, const std::string& directory);

/// The winners that were kept, if they are of the draw that `ledger` holds. What is wrong with them
/// otherwise is added to the warnings.
std::optional<WinnersByAgency> winners_of(SideFiles& side_files, const std::string& directory,
                                          std::uint64_t log_id, const Ledger& ledger);

/// The log id that they agree on; 0 when there is none to be seen. Errors: kDamaged when they do
/// not agree.
boost::system::result<std::uint64_t, StoreFailure> log_id_of(const SideFiles& side_files,
                                                             const std::string& directory);

/// How to check everything of a log that ends with segment `last`, from its beginning on. Errors:
/// kDamaged when they tell of a segment behind it, or do not agree.
boost::system::result<ScanOptions, StoreFailure> full_scan(const SideFiles& side_files,
                                                           const std::string& directory,
                                                           std::uint64_t last);

}  // namespace sorteo
