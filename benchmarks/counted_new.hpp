#pragma once

#include <cstdint>

namespace sorteo::benchmarks {

/// How often the program has taken memory from the heap, in all its threads. Link counted_new.cpp.
std::uint64_t allocations() noexcept;

}  // namespace sorteo::benchmarks
