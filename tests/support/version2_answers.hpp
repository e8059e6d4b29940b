#pragma once

#include <optional>

#include "core/reply.hpp"
#include "core/version2.hpp"

namespace sorteo::test {

/// What a reply says, when it is a Message of the type asked for.
std::optional<v2::Error> error_in(const Reply& reply);
std::optional<v2::Welcome> welcome_in(const Reply& reply);
std::optional<v2::ReceiptMessage> receipt_in(const Reply& reply);

/// A session whose sixteen bytes are all `byte`.
SessionId session_of(unsigned byte);

/// The payload of a OnceBatch.
std::string once_batch_bytes(std::uint32_t agency, const SessionId& session, std::uint64_t sequence,
                             std::string_view packets);

}  // namespace sorteo::test
