#pragma once

#include <cstdint>

namespace sorteo::test {

/// How often the threads of the program have called `new` so far, but for those that called
/// allocate_uncounted(). Linking this replaces the program's operator new.
std::uint64_t allocation_count() noexcept;

/// This thread does not count from now on.
void allocate_uncounted() noexcept;

}  // namespace sorteo::test
