#pragma once

#include <cstdint>
#include <vector>

#include "core/batch.hpp"

namespace sorteo {

/// Appends to `documents` those of the bets of `batch` whose number is `number`, as numbers
/// ("007574" is 7574), in the order of the bets. Of a bet of another number it looks at little more
/// than the end, trusting that the batch has been checked, as every Batch. Bytes that are not as
/// promised are passed over or end the walk. Throws std::bad_alloc.
void append_winners(const Batch& batch, std::uint32_t number,
                    std::vector<std::uint32_t>& documents);

}  // namespace sorteo
