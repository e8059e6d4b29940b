#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "apps/cli/parse_error.hpp"

namespace sorteo::cli {

/// Where a server listens.
struct Endpoint {
  std::string host;  ///< a name or an address, without brackets
  std::uint16_t port = 0;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// Reads `HOST:PORT`, with an IPv6 address in brackets: `[::1]:12345`. The error is a sentence.
boost::system::result<Endpoint, ParseError> parse_endpoint(std::string_view text);

}  // namespace sorteo::cli
