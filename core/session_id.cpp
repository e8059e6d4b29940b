#include "core/session_id.hpp"

#include <string_view>

namespace sorteo {

std::string to_hex(const SessionId& session) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * session.bytes.size());
  for (const std::byte byte : session.bytes) {
    hex += kDigits[std::to_integer<std::size_t>(byte >> 4)];
    hex += kDigits[std::to_integer<std::size_t>(byte & std::byte{0x0F})];
  }
  return hex;
}

}  // namespace sorteo
