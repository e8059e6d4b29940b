#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "storage/ledger.hpp"

namespace sorteo {

/// Where a segment begins: what stands before it is known, and need not be read.
struct LogPosition {
  std::uint64_t segment = 1;   ///< its number
  std::uint64_t base = 0;      ///< where in the log it begins
  std::uint64_t previous = 0;  ///< the checksum of the last record before it; 0 in the first

  friend bool operator==(const LogPosition&, const LogPosition&) = default;
};

/// What all records before a segment add up to, so that a restart reads no more than what follows
/// (docs/storage.md, "The checkpoint").
struct Checkpoint {
  std::uint64_t log_id = 0;
  LogPosition at;
  Ledger ledger;  ///< with nothing on its way
};

/// What is in the log of `ledger` at the beginning of `at`. Throws std::bad_alloc.
std::string encode_checkpoint(std::uint64_t log_id, const LogPosition& at, const Ledger& ledger);

/// Nothing when the bytes are no whole and sound checkpoint of this version of the format.
std::optional<Checkpoint> decode_checkpoint(ByteView bytes);

}  // namespace sorteo
