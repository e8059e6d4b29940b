// Any bytes as a configuration: it is taken or refused with a reason, and what is taken reads back.

#include "apps/server/configuration.hpp"
#include "core/bytes.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sorteo::test::require;
  const auto configuration =
      sorteo::parse_configuration(sorteo::as_text(sorteo::test::fuzz_bytes(data, size)));
  if (configuration.has_value()) {
    require(sorteo::parse_configuration(sorteo::to_json(*configuration)).has_value());
  } else {
    require(!configuration.error().empty());
  }
  return 0;
}
