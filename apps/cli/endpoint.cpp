#include "apps/cli/endpoint.hpp"

#include <optional>

#include "core/text.hpp"

namespace sorteo::cli {
namespace {

constexpr std::uint32_t kLastPort = 65535;

std::string quoted(std::string_view text) { return '"' + escaped(text) + '"'; }

}  // namespace

boost::system::result<Endpoint, ParseError> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || text.ends_with(']')) {
    return ParseError{quoted(text) + " names no port: expected HOST:PORT, like 127.0.0.1:12345"};
  }
  std::string_view host = text.substr(0, colon);
  const std::string_view port_text = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of("[]:") != std::string_view::npos) {
    return ParseError{quoted(text) + " is no HOST:PORT; an IPv6 address stands in brackets, like " +
                      "[::1]:12345"};
  }
  if (host.empty()) {
    return ParseError{quoted(text) + " names no host: expected HOST:PORT, like 127.0.0.1:12345"};
  }
  const auto port = parse_decimal(port_text);
  if (!port || *port == 0 || *port > kLastPort) {
    return ParseError{quoted(port_text) + " is no port: expected a number from 1 to 65535"};
  }
  return Endpoint{std::string(host), static_cast<std::uint16_t>(*port)};
}

}  // namespace sorteo::cli
