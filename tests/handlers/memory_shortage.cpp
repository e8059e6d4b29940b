#include "tests/handlers/memory_shortage.hpp"

#include <cstdlib>
#include <new>

namespace {

thread_local bool is_out_of_memory = false;

}  // namespace

// In a file of their own, so that they are not inlined: GCC 12 takes an inlined one for a mismatch
// with the other that is not (https://gcc.gnu.org/bugzilla/show_bug.cgi?id=103993).
void* operator new(std::size_t size) {
  void* const memory = is_out_of_memory ? nullptr : std::malloc(size);
  return memory != nullptr ? memory : throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return is_out_of_memory ? nullptr : std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace sorteo::test {

void set_out_of_memory(bool is_out) noexcept { is_out_of_memory = is_out; }

}  // namespace sorteo::test
