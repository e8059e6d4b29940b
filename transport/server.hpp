#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/handler_registry.hpp"
#include "core/log.hpp"
#include "transport/session_limits.hpp"

namespace sorteo {

struct ServerOptions {
  std::string host = "127.0.0.1";  ///< an address, or a name that resolves to one
  std::uint16_t port = 0;          ///< 0 lets the system choose
  unsigned threads = 0;            ///< I/O threads; 0 means one for each core
  int backlog = 0;                 ///< connections not yet accepted; 0 means the system's maximum
  SessionLimits limits;
};

/// Listens, accepts, and serves sessions on its I/O threads. Knows nothing of what the messages
/// mean: the registry does.
class Server final {
 public:
  /// `handlers` and `log` must outlive the server, and the registry must be filled.
  Server(ServerOptions options, const HandlerRegistry& handlers, Log& log);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// Stops at once what still runs.
  ~Server();

  /// Binds and listens, then starts the I/O threads. Logs `action: listen`. Returns the failure as
  /// a sentence that names the address and the cause, or nothing.
  [[nodiscard]] std::optional<std::string> start();

  /// The port that the server listens on, once it has started.
  std::uint16_t port() const noexcept;

  /// Stops accepting and reading, lets what is in flight be answered and written, for `grace` at
  /// most, then cuts the rest off, and ends the I/O threads. Blocks. True when nothing had to be
  /// cut off.
  bool drain(std::chrono::milliseconds grace);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sorteo
