#pragma once

#include <cstdint>
#include <string_view>

#include "core/agency_gate.hpp"
#include "core/handler.hpp"
#include "core/log.hpp"

namespace sorteo {

/// Whether `request`, which speaks in the name of `agency`, may be served. When not, it has been
/// answered, in the form of its version, by `responder`, and the log says that `action` failed, for
/// whom and why. Every handler whose requests name an agency asks this before it does anything.
[[nodiscard]] bool is_admitted(const Request& request, std::uint32_t agency,
                               std::string_view action, AgencyGate& gate, Log& log,
                               Responder& responder);

/// Whether `agency` may send `bets` more now; the same of the answer and the log.
[[nodiscard]] bool has_allowance(const Request& request, std::uint32_t agency, std::uint32_t bets,
                                 std::string_view action, AgencyGate& gate, Log& log,
                                 Responder& responder);

}  // namespace sorteo
