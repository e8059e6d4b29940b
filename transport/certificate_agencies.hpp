#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sorteo {

/// What stands before an agency's number in a certificate.
inline constexpr std::string_view kAgencyUri = "urn:sorteo:agency:";

/// The agency that `uri` names: kAgencyUri and a decimal number under 2^32, without a sign and
/// without zeros before it. Nothing for any other text.
[[nodiscard]] std::optional<std::uint32_t> agency_in_uri(std::string_view uri) noexcept;

/// The agencies that `certificate` names by URIs among its subject's alternative names (RFC 5280,
/// 4.2.1.6), in order, each once. URIs of others are passed over.
[[nodiscard]] std::vector<std::uint32_t> agencies_in(const X509& certificate);

}  // namespace sorteo
