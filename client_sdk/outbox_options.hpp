#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/session_id.hpp"

namespace sorteo::client {

/// Where an outbox is and whose it is.
struct OutboxOptions {
  std::string path;          ///< of the file; made if it is not there, its folder is not
  std::uint32_t agency = 0;  ///< whose bets it holds

  /// What the bets come from, such as a hash of an input file. An outbox that was made for another
  /// source, or for none, is refused, and so is one that has a source when none is given here.
  std::optional<std::array<std::byte, 16>> source;

  /// Whether append() waits for the disk. Without it, what was taken survives a crash of the
  /// program, but not of the machine.
  bool sync = true;

  std::optional<SessionId> session;  ///< of an outbox that is made; random unless given

  /// The file is rewritten without its settled batches when these take up so many bytes, and more
  /// than the others.
  std::uint64_t rewrite_bytes = 4 * 1024 * 1024;
};

}  // namespace sorteo::client
