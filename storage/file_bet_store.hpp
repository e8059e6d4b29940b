#pragma once

#include <boost/system/result.hpp>
#include <memory>
#include <string>

#include "core/bet_store.hpp"
#include "core/log.hpp"

namespace sorteo {

/// What an acknowledgement promises.
enum class Durability {
  kFsync,  ///< on the disk: survives a power cut
  kOs,     ///< with the operating system: survives a crash of the program, not of the machine
};

struct FileStoreOptions {
  std::string path;                            ///< a directory; made if it is not there
  Durability durability = Durability::kFsync;  ///< what a callback without an error promises
};

/// Keeps the bets in an append-only log (docs/storage.md). Many batches share one fdatasync.
class FileBetStore final : public BetStore {
 public:
  /// Opens the store, recovers what is there, and starts its writer thread. A torn tail is cut off
  /// with a warning in `log`, which must outlive the store.
  /// Errors: kLocked, kDamaged, or what the system said; nothing is changed on disk then.
  static boost::system::result<std::unique_ptr<FileBetStore>, StoreFailure> open(
      FileStoreOptions options, Log& log);
};

}  // namespace sorteo
