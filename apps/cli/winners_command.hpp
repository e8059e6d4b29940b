#pragma once

#include <chrono>
#include <cstdint>

#include "apps/cli/agency_connection.hpp"
#include "apps/cli/console.hpp"
#include "apps/cli/endpoint.hpp"
#include "apps/cli/exit_code.hpp"

namespace sorteo::cli {

struct WinnersOptions {
  Endpoint server;
  std::uint32_t agency = 0;
  std::chrono::milliseconds patience{0};             ///< how long to wait for the draw; 0: ask once
  std::chrono::milliseconds answer_timeout{30'000};  ///< without an answer, before giving up
};

/// `sorteo winners` (docs/command-line.md, "winners"): asks for the winners, which tells the server
/// that the agency has finished, and prints them.
[[nodiscard]] ExitCode run_winners(const WinnersOptions& options, const Connect& connect,
                                   Console& console);

}  // namespace sorteo::cli
