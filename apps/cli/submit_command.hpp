#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "apps/cli/agency_connection.hpp"
#include "apps/cli/console.hpp"
#include "apps/cli/endpoint.hpp"
#include "apps/cli/exit_code.hpp"

namespace sorteo::cli {

struct SubmitOptions {
  Endpoint server;
  std::uint32_t agency = 0;
  std::string csv;                                   ///< the path of the file
  bool wait = true;                                  ///< for the draw, after the file is sent
  std::chrono::milliseconds patience{3'600'000};     ///< how long to wait for the draw
  std::chrono::milliseconds answer_timeout{30'000};  ///< without any answer, before giving up
  std::size_t batch_bets = 100;                      ///< bets in a batch at most
  std::size_t batch_bytes = 8 * 1024;                ///< bytes of a batch at most
  std::size_t window = 16;                           ///< batches in flight at most
  bool quiet = false;                                ///< no progress
  std::chrono::milliseconds progress_every{5'000};  ///< a line so often, where there is no terminal
};

/// `sorteo submit` (docs/command-line.md, "submit"): checks the whole file, sends it, says finish,
/// waits for the draw, and prints the winners. Nothing is sent of a file with a bad line.
[[nodiscard]] ExitCode run_submit(const SubmitOptions& options, const Connect& connect,
                                  Console& console);

}  // namespace sorteo::cli
