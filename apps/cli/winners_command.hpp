#pragma once

#include <chrono>

#include "apps/cli/agency_connection.hpp"
#include "apps/cli/console.hpp"
#include "apps/cli/exit_code.hpp"
#include "apps/cli/server_options.hpp"

namespace sorteo::cli {

struct WinnersOptions {
  ServerOptions service;
  std::chrono::milliseconds patience{0};  ///< how long to wait for the draw; 0: ask once
};

/// `sorteo winners` (docs/command-line.md, "winners"): asks for the winners, which in version 1 of
/// the protocol tells the server that the agency has finished, and prints them.
[[nodiscard]] ExitCode run_winners(const WinnersOptions& options, const Connect& connect,
                                   Console& console);

}  // namespace sorteo::cli
