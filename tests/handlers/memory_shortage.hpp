#pragma once

namespace sorteo::test {

/// Takes the memory away from this thread, or gives it back: while it is away, every `new` of the
/// thread fails with std::bad_alloc. Linking this replaces the program's operator new.
void set_out_of_memory(bool is_out) noexcept;

}  // namespace sorteo::test
