#pragma once

#include <optional>

#include "core/batch.hpp"
#include "storage/log_record.hpp"

namespace sorteo {

/// The batch with bets that a record with that payload holds, if it holds one.
std::optional<Batch> batch_in(RecordType type, ByteView payload) noexcept;

/// The same of a whole record, of whatever kind, known or not.
std::optional<Batch> batch_in(ByteView record) noexcept;

}  // namespace sorteo
