#pragma once

#include <cstdint>
#include <string>

namespace sorteo::limit {

/// The window that the Welcome tells.
inline constexpr std::uint32_t kWindow = 256;

/// A Welcome as docs/protocol.md has it, which says that `bets` of the agency are durable.
std::string make_welcome(std::uint64_t bets);

/// Appends Receipts "stored" of `batches` batches of `bets` bets each, numbered from `first` on.
void append_receipts(std::string& to, std::uint64_t first, std::uint64_t batches,
                     std::uint32_t bets);

}  // namespace sorteo::limit
