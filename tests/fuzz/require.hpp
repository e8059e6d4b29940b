#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/bytes.hpp"

namespace sorteo::test {

/// Ends the fuzzer, which keeps the input that did it.
inline void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

inline ByteView fuzz_bytes(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const std::byte*>(data), size};
}

}  // namespace sorteo::test
