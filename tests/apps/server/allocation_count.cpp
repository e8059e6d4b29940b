// In a file of its own, so that it is not inlined: GCC 12 takes an inlined one for a mismatch with
// the other that is not (https://gcc.gnu.org/bugzilla/show_bug.cgi?id=103993).
#include "tests/apps/server/allocation_count.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::uint64_t> allocations = 0;
thread_local bool is_uncounted = false;

void* allocate(std::size_t size) noexcept {
  allocations.fetch_add(is_uncounted ? 0 : 1, std::memory_order_relaxed);
  return std::malloc(size);
}

}  // namespace

void* operator new(std::size_t size) {
  void* const memory = allocate(size);
  return memory != nullptr ? memory : throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace sorteo::test {

std::uint64_t allocation_count() noexcept { return allocations.load(); }
void allocate_uncounted() noexcept { is_uncounted = true; }

}  // namespace sorteo::test
