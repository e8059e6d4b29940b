#pragma once

namespace sorteo {

/// With what `sorteo-server` ends (docs/operations.md, "Exit codes").
enum class ExitCode : int {
  kSuccess = 0,
  kFailed = 1,         ///< something went wrong while it ran, or while it stopped
  kUsage = 2,          ///< the command line is wrong
  kConfiguration = 3,  ///< the configuration cannot be read, or is wrong
  kCannotListen = 4,   ///< the address cannot be listened on
  kStoreDamaged = 5,   ///< the store holds something else than what was written to it
  kStoreInUse = 6,     ///< another process has the store open
  kStoreNotOpen = 7,   ///< the store cannot be opened for another reason
  kStoreFailed = 8,  ///< the disk failed while it ran: whether the last bets are stored is unknown
  // 128 + signal: ended at once by a second signal
};

}  // namespace sorteo
