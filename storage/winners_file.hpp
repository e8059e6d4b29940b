#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/bet_store.hpp"
#include "core/bytes.hpp"
#include "storage/ledger.hpp"

namespace sorteo {

/// The winners of the draw that `draw` is the record of, as bytes (docs/storage.md, "The winners").
std::string encode_winners_file(std::uint64_t log_id, const Ledger::Draw& draw,
                                const WinnersByAgency& winners);

/// Nothing when the bytes are not whole and sound, or are about another log or another draw.
std::optional<WinnersByAgency> decode_winners_file(ByteView bytes, std::uint64_t log_id,
                                                   const Ledger::Draw& draw);

}  // namespace sorteo
