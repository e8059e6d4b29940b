#pragma once

#include <cstddef>
#include <cstdint>

namespace sorteo::benchmarks {

/// XXH3-64 as the shared library of the distribution computes it, with the vectors that every
/// processor of the architecture has.
std::uint64_t xxh3_of_the_library(const void* bytes, std::size_t size, std::uint64_t seed);

/// The same, compiled into the caller from the library's header.
std::uint64_t xxh3_inlined(const void* bytes, std::size_t size, std::uint64_t seed);

#if defined(__x86_64__)
/// The same from the library's table of functions, chosen by what the processor has: up to AVX-512.
std::uint64_t xxh3_dispatched(const void* bytes, std::size_t size, std::uint64_t seed);
#endif

}  // namespace sorteo::benchmarks
