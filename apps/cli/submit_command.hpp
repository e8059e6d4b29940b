#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "apps/cli/agency_connection.hpp"
#include "apps/cli/console.hpp"
#include "apps/cli/exit_code.hpp"
#include "apps/cli/server_options.hpp"

namespace sorteo::cli {

struct SubmitOptions {
  ServerOptions service;
  std::string csv;     ///< the path of the file
  std::string outbox;  ///< the path of the outbox; none when empty
  /// How many bets of the agency are stored in all, those of other submissions included, when it
  /// finishes; what this one has stored unless given.
  std::optional<std::uint64_t> agency_total;
  bool wait = true;                                 ///< for the draw, after the file is sent
  std::chrono::milliseconds patience{3'600'000};    ///< how long to wait for the draw
  std::size_t batch_bets = 100;                     ///< bets in a batch at most
  std::size_t batch_bytes = 8 * 1024;               ///< bytes of a batch at most
  std::size_t window = 16;                          ///< batches in flight at most
  bool quiet = false;                               ///< no progress
  std::chrono::milliseconds progress_every{5'000};  ///< a line so often, where there is no terminal
};

/// `sorteo submit` (docs/command-line.md, "submit"): checks the whole file, sends it, says finish,
/// waits for the draw, and prints the winners. Nothing is sent of a file with a bad line. With an
/// outbox it may be killed at any moment and run again: it then goes on where it was.
[[nodiscard]] ExitCode run_submit(const SubmitOptions& options, const Connect& connect,
                                  Console& console);

}  // namespace sorteo::cli
