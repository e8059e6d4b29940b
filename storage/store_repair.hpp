#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bet_store.hpp"
#include "storage/file_system.hpp"
#include "storage/stored_bets.hpp"

namespace sorteo {

/// What an operator can do about a damaged store. Nothing is deleted by any of them: what is taken
/// away is moved into a new directory `cut-<number>` within the store's.
enum class RepairAction {
  kReport,  ///< nothing: say what is wrong, and what the others would do
  /// Keep everything before the first damage. The rest of the log, and what claims more than is
  /// left (checkpoint, witness, winners), is moved away.
  kCut,
  /// Keep the log, and move the small files beside it away that contradict it. The log itself must
  /// be sound, and hold all that they say was on the disk.
  kDropCheckpoint,
};

/// What one action keeps and loses.
struct RepairPlan {
  RepairAction action = RepairAction::kReport;
  StoreState kept;                 ///< what the store then holds
  std::uint64_t kept_records = 0;  ///< of its log
  std::string cut_file;            ///< the path of the file in which the cut begins; may be empty
  std::uint64_t cut_offset = 0;    ///< where in that file it begins
  std::uint64_t cut_bytes = 0;     ///< how many bytes are moved away, without the zeros at the end
  /// Of what is moved away, records that are still sound, and the batches and bets in them. What
  /// the damaged bytes held is not known.
  std::uint64_t cut_records = 0;
  std::uint64_t cut_batches = 0;
  std::uint64_t cut_bets = 0;
  /// Where in the log what is kept ends, and up to where the files beside it say that the log was
  /// on the disk: what stands between them had been acknowledged, and is lost. 0 when they say
  /// nothing.
  std::uint64_t kept_end = 0;
  std::uint64_t durable_end = 0;
  std::vector<std::string> moved;  ///< names of the files, in the store, that are moved away whole

  friend bool operator==(const RepairPlan&, const RepairPlan&) = default;
};

struct RepairReport {
  /// What is wrong; nothing when the store is sound and there is nothing to repair.
  std::optional<StoreFailure> damage;
  /// What each action would do that helps; after an action, what it has done, alone.
  std::vector<RepairPlan> plans;
  /// After an action, the directory in which all that it took away now is.
  std::string moved_to;
};

struct RepairOptions {
  RepairAction action = RepairAction::kReport;
  StoreProgress progress = {};  ///< told while the log is read
};

/// Looks at the store in directory `path`, and does what is asked for, if the store is damaged in a
/// way that it helps against. Locks the store. An action that is killed, or fails half way, can be
/// asked for again: nothing is taken away before its copy is on the disk. Memory does not grow with
/// the bets. A store that is sound is left as it is, and the report says so by its missing damage.
/// Errors: kLocked; kDamaged when the asked action does not help, and nothing was changed; what the
/// system said.
boost::system::result<RepairReport, StoreFailure> repair_store(const std::string& path,
                                                               const RepairOptions& options);

/// The same in `files`.
boost::system::result<RepairReport, StoreFailure> repair_store(const FileSystem& files,
                                                               const std::string& path,
                                                               const RepairOptions& options);

}  // namespace sorteo
