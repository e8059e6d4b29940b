#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sorteo::peers {

/// What a client of a peer is asked to do. Every peer has the same options.
struct LoadOptions {
  std::string server;            ///< HOST:PORT, a socket's folder or a file, as the peer has it
  unsigned connections = 5;      ///< each of an agency of its own, numbered from 1
  unsigned batch_bets = 100;     ///< bets of a batch
  unsigned window = 16;          ///< batches in flight on each connection
  double duration_seconds = 8;   ///< that are measured
  double warm_up_seconds = 1;    ///< before them
  std::vector<std::string> csv;  ///< connection i sends the bets of file i, again and again
  std::string mode;              ///< what the peer's help says
  int server_pid = 0;            ///< whose CPU time is measured with its children's; 0: nobody's
};

/// Parses the command line; `modes` are those that the peer knows, the default first. Prints help
/// or what is wrong; then, returns what the program shall end with.
std::optional<int> parse_load_options(int argc, char** argv, const std::string& about,
                                      const std::vector<std::string>& modes, LoadOptions& options);

}  // namespace sorteo::peers
