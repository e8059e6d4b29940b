#include <xxhash.h>

#include "benchmarks/xxh3_variants.hpp"

namespace sorteo::benchmarks {

std::uint64_t xxh3_of_the_library(const void* bytes, std::size_t size, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes, size, seed);
}

}  // namespace sorteo::benchmarks

#if defined(__x86_64__)

// It makes the plain names mean the dispatching functions, so it stands behind their use.
#include <xxh_x86dispatch.h>

namespace sorteo::benchmarks {

std::uint64_t xxh3_dispatched(const void* bytes, std::size_t size, std::uint64_t seed) {
  return XXH3_64bits_withSeed_dispatch(bytes, size, seed);
}

}  // namespace sorteo::benchmarks

#endif
