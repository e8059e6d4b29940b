#pragma once

namespace sorteo::cli {

/// What `sorteo` exits with (docs/command-line.md, "Exit codes"). A program killed by signal N,
/// or interrupted by it where it can still say what is known, exits with 128 + N.
enum class ExitCode {
  kOk = 0,
  kFailure = 1,         ///< something failed that no other code names, as writing a file
  kUsage = 2,           ///< the arguments are wrong; nothing was done
  kBadInput = 3,        ///< the input file cannot be read, has bad lines, or changed
  kNoConnection = 4,    ///< the server could not be reached or went away; nothing is unknown
  kOutcomeUnknown = 5,  ///< bets were sent, and whether they are stored is unknown
  kRefused = 6,         ///< the server refused bets, and stored nothing of them
  kStoreDamaged = 7,    ///< the store is not what was written
  kDrawNotHeld = 8,     ///< the draw was not held while the command waited
};

/// The code of a command that `signal` interrupted.
constexpr ExitCode interrupted_exit(int signal) noexcept {
  return static_cast<ExitCode>(128 + signal);
}

}  // namespace sorteo::cli
