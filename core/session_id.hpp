#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>

namespace sorteo {

/// Names one sender of batches within an agency: 128 random bits that the client chooses. Together
/// with the agency and a sequence number it names a batch for good (docs/protocol.md, "A batch with
/// an identity").
struct SessionId {
  std::array<std::byte, 16> bytes{};

  friend bool operator==(const SessionId&, const SessionId&) = default;
  friend auto operator<=>(const SessionId&, const SessionId&) = default;
};

/// 32 hexadecimal digits in lower case, for messages.
std::string to_hex(const SessionId& session);

}  // namespace sorteo
