#pragma once

#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/handler_registry.hpp"
#include "core/log.hpp"

namespace sorteo {

/// What one session may use.
struct SessionLimits {
  std::size_t max_frame_bytes = 256 * 1024;    ///< the largest payload of a request, in bytes
  std::size_t max_requests_in_flight = 64;     ///< requests without an answer; more are not read
  std::size_t max_reply_bytes = 1024 * 1024;   ///< answers not yet written; over it nothing is read
  std::chrono::milliseconds idle_timeout{300'000};  ///< between requests, with none in flight
  std::chrono::milliseconds frame_timeout{30'000};  ///< from a frame's first byte to its last
  std::chrono::milliseconds write_timeout{30'000};  ///< for a write to make progress
};

struct ServerOptions {
  std::string host = "127.0.0.1";  ///< an address, or a name that resolves to one
  std::uint16_t port = 0;          ///< 0 lets the system choose
  unsigned threads = 0;            ///< I/O threads; 0 means one for each core
  SessionLimits limits;
};

/// Listens, accepts, and serves sessions on its I/O threads. Knows nothing of what the messages mean:
/// the registry does.
class Server final {
 public:
  /// `handlers` and `log` must outlive the server, and the registry must be filled.
  Server(ServerOptions options, const HandlerRegistry& handlers, Log& log);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  /// Stops at once what still runs.
  ~Server();

  /// Binds and listens, then starts the I/O threads. Logs `action: listen`. Returns the failure as a
  /// sentence that names the address and the cause, or nothing.
  [[nodiscard]] std::optional<std::string> start();

  /// The port that the server listens on, once it has started.
  std::uint16_t port() const noexcept;

  /// Stops accepting and reading, lets what is in flight be answered and written, for `grace` at most,
  /// then cuts the rest off, and ends the I/O threads. Blocks. True when nothing had to be cut off.
  bool drain(std::chrono::milliseconds grace);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sorteo
