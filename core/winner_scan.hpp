#pragma once

#include <cstdint>
#include <vector>

#include "core/batch.hpp"

namespace sorteo {

/// Appends to `documents` those of the bets of `batch` whose number is `number`, as numbers
/// ("007574" is 7574), in the order of the bets. The batch has been checked, as every Batch; bytes
/// that are not as promised end the walk. Throws std::bad_alloc.
void append_winners(const Batch& batch, std::uint32_t number,
                    std::vector<std::uint32_t>& documents);

}  // namespace sorteo
