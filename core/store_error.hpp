#pragma once

#include <boost/system/error_code.hpp>

namespace sorteo {

/// Why a store did not do what it was asked. As an error_code, its message is what a peer is told.
enum class StoreError {
  kFull = 1,  ///< no room on the disk: nothing was stored, a later try may succeed
  kFailed,    ///< the disk failed: whether it is stored is unknown, and the store takes no more
  kClosed,    ///< the store is closing: nothing was stored
  kAgencyFinished,  ///< the agency has said that it had finished: nothing was stored
  kDrawHeld,        ///< the draw has been held: nothing was stored
  kTooLarge,        ///< the batch is over what a record can hold: nothing was stored
  kDamaged,         ///< what was read back is not what was written
  kLocked,          ///< another process has the store open
  kBusy,            ///< too much waits for the disk: nothing was stored, a later try may succeed
  kConflict,        ///< the identity stands for another content: nothing was stored
  kSequenceGap,     ///< an earlier batch of the session is missing: nothing was stored
  kCountMismatch,   ///< another number of bets is stored than the agency says: it has not finished
};

/// The category of StoreError, named "sorteo.store".
const boost::system::error_category& store_category() noexcept;

boost::system::error_code make_error_code(StoreError error) noexcept;

}  // namespace sorteo

template <>
struct boost::system::is_error_code_enum<sorteo::StoreError> : std::true_type {};
