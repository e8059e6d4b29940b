#include "storage/side_files.hpp"

#include "storage/log_failure.hpp"
#include "storage/store_files.hpp"
#include "storage/winners_file.hpp"

namespace sorteo {
namespace {

// Of a checkpoint, or of winners; more is no file of a store.
constexpr std::size_t kMostBytes = std::size_t{1} << 30U;

// Whether a witness holds something that is not a testimony.
bool has_unsound_place(std::string_view bytes) {
  if (bytes.size() != kWitnessBytes) {
    return true;
  }
  for (std::size_t at = 0; at < kWitnessBytes; at += kTestimonyStride) {
    const std::string_view place = bytes.substr(at, kTestimonyStride);
    const bool is_empty = place.find_first_not_of('\0') == std::string_view::npos;
    const bool has_more = place.find_first_not_of('\0', kTestimonyBytes) != std::string_view::npos;
    if (!is_empty && (has_more || !decode_witness(as_bytes(place.substr(0, kTestimonyBytes))))) {
      return true;
    }
  }
  return false;
}

boost::system::result<std::optional<std::string>, StoreFailure> read(const FileSystem& files,
                                                                     const std::string& path,
                                                                     std::size_t most) {
  auto bytes = read_whole_file(files, path, most);
  if (bytes.has_error()) {
    return cannot("read", path, bytes.error());
  }
  return std::move(*bytes);
}

}  // namespace

boost::system::result<SideFiles, StoreFailure> read_side_files(const FileSystem& files,
                                                               const std::string& directory) {
  SideFiles found;
  const std::string checkpoint_path = within(directory, kCheckpointName);
  const std::string witness_path = within(directory, kWitnessName);
  auto checkpoint = read(files, checkpoint_path, kMostBytes);
  if (checkpoint.has_error()) {
    return std::move(checkpoint).error();
  }
  if (*checkpoint) {
    found.checkpoint = decode_checkpoint(as_bytes(**checkpoint));
    found.checkpoint_bytes = std::move(**checkpoint);
    if (!found.checkpoint) {
      found.warnings.push_back(checkpoint_path +
                               ": the checkpoint is not sound: all of the log is read instead");
    }
  }
  auto witness = read(files, witness_path, kWitnessBytes + 1);
  if (witness.has_value() && *witness && has_unsound_place(**witness)) {
    // A server may have written it just then.
    witness = read(files, witness_path, kWitnessBytes + 1);
  }
  if (witness.has_error()) {
    return std::move(witness).error();
  }
  if (*witness) {
    found.has_witness = true;
    found.testimony = decode_witness(as_bytes(**witness));
    if (has_unsound_place(**witness)) {
      found.warnings.push_back(witness_path +
                               ": a testimony is not sound: a lost end of the log may not be seen");
    }
  }
  auto winners = read(files, within(directory, kWinnersName), kMostBytes);
  if (winners.has_error()) {
    return std::move(winners).error();
  }
  found.winners = std::move(*winners);
  return found;
}

std::vector<LogClaim> claims_of(const SideFiles& side_files, const std::string& directory) {
  std::vector<LogClaim> claims;
  if (side_files.checkpoint) {
    claims.push_back({side_files.checkpoint->at.base, side_files.checkpoint->at.previous, false,
                      within(directory, kCheckpointName)});
  }
  if (side_files.testimony) {
    claims.push_back({side_files.testimony->end, side_files.testimony->previous,
                      side_files.testimony->is_closed, within(directory, kWitnessName)});
  }
  return claims;
}

std::optional<WinnersByAgency> winners_of(SideFiles& side_files, const std::string& directory,
                                          std::uint64_t log_id, const Ledger& ledger) {
  if (!side_files.winners) {
    return std::nullopt;
  }
  auto winners = ledger.draw
                     ? decode_winners_file(as_bytes(*side_files.winners), log_id, *ledger.draw)
                     : std::nullopt;
  if (!winners) {
    side_files.warnings.push_back(within(directory, kWinnersName) +
                                  ": the winners are not those of the draw in the log: they are "
                                  "computed again");
  }
  return winners;
}

boost::system::result<std::uint64_t, StoreFailure> log_id_of(const SideFiles& side_files,
                                                             const std::string& directory) {
  const std::uint64_t of_checkpoint = side_files.checkpoint ? side_files.checkpoint->log_id : 0;
  const std::uint64_t of_witness = side_files.testimony ? side_files.testimony->log_id : 0;
  if (of_checkpoint != 0 && of_witness != 0 && of_checkpoint != of_witness) {
    return damaged(within(directory, kCheckpointName), 0, 0,
                   "it is of another log than " + within(directory, kWitnessName));
  }
  return of_checkpoint != 0 ? of_checkpoint : of_witness;
}

boost::system::result<ScanOptions, StoreFailure> full_scan(const SideFiles& side_files,
                                                           const std::string& directory,
                                                           std::uint64_t last) {
  const auto log_id = log_id_of(side_files, directory);
  if (log_id.has_error()) {
    return log_id.error();
  }
  ScanOptions options;
  options.last_segment = last;
  options.claims = claims_of(side_files, directory);
  options.cursor.log_id = *log_id;
  if (side_files.checkpoint) {
    options.checkpoint_segment = side_files.checkpoint->at.segment;
    options.checkpoint = side_files.checkpoint_bytes;
    if (options.checkpoint_segment > last) {
      return damaged(segment_path(directory, options.checkpoint_segment), 0, 0,
                     "the file is missing");
    }
  }
  return options;
}

}  // namespace sorteo
