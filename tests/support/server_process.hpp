#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace sorteo::test {

/// A running sorteo-server, on a port that the system chose.
class ServerProcess final {
 public:
  /// Starts `program` with the configuration in the file at `config_path`, whose listen.port should
  /// be 0, and waits until it listens.
  /// Throws std::runtime_error with what it printed when it does not.
  ServerProcess(const std::string& program, const std::string& config_path);

  /// The same with `argv`, which starts a server in the end.
  explicit ServerProcess(const std::vector<std::string>& argv);

  std::uint16_t port() const noexcept { return port_; }

  Process& process() noexcept { return process_; }

  /// Sends SIGTERM and waits for the end.
  std::optional<ProcessEnd> stop();

 private:
  Process process_;
  std::uint16_t port_ = 0;
};

}  // namespace sorteo::test
