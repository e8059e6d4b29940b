// Any bytes as each payload of version 2: reading ends, reads nothing outside them, and what is
// read means the same when it is written again.

#include "tests/fuzz/require.hpp"
#include "tests/support/version2_recode.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sorteo::ByteView bytes = sorteo::test::fuzz_bytes(data, size);
  for (const sorteo::test::Recoder& recoder : sorteo::test::recoders()) {
    if (const auto once = recoder.recode(bytes)) {
      sorteo::test::require(once->size() <= size);
      sorteo::test::require(recoder.recode(sorteo::as_bytes(*once)) == once);
    }
  }
  return 0;
}
