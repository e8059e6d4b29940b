#define XXH_INLINE_ALL
#include <xxhash.h>

#include "benchmarks/xxh3_variants.hpp"

namespace sorteo::benchmarks {

std::uint64_t xxh3_inlined(const void* bytes, std::size_t size, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes, size, seed);
}

}  // namespace sorteo::benchmarks
