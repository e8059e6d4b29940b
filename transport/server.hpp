#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/handler_registry.hpp"
#include "core/log.hpp"
#include "core/peer.hpp"
#include "transport/listener_options.hpp"
#include "transport/session_limits.hpp"
#include "transport/tls_files.hpp"

namespace sorteo {

struct ServerOptions {
  std::vector<ListenerOptions> listeners{ListenerOptions{}};  ///< at least one
  TlsFiles tls;                                               ///< of the listeners that speak TLS
  unsigned threads = 0;  ///< I/O threads; 0 means one for each core
  int backlog = 0;       ///< connections not yet accepted; 0 means the system's maximum
  SessionLimits limits;
};

/// What of the options can change while the server runs.
struct ServerSettings {
  TlsFiles tls;
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

  /// What is wrong with the files of TLS, if a listener needs them: a sentence that names the file
  /// and the cause. Nothing when they can be used, or none is needed.
  [[nodiscard]] static std::optional<std::string> check(const ServerOptions& options);

  /// The port that the first listener listens on, once the server has started.
  std::uint16_t port() const noexcept;

  /// The ports of all listeners, in their order.
  std::vector<std::uint16_t> ports() const;

  /// Reads the files of TLS again, and takes over `settings`: the timeouts at once; certificates,
  /// and how much one connection may use, for new connections. When a file cannot be used, nothing
  /// has changed, and the sentence names the file and the cause. Thread-safe, between start() and
  /// drain().
  [[nodiscard]] std::optional<std::string> change(const ServerSettings& settings);

  /// Ends at once every session with a peer that `which` matches, and waits until it is done.
  /// `which` is called on the I/O threads, several at a time. Returns how many. Between start() and
  /// drain(), and not from an I/O thread.
  std::size_t cut_sessions(const std::function<bool(const Peer&)>& which);

  /// Stops accepting and reading, lets what is in flight be answered and written, for `grace` at
  /// most, then cuts the rest off, and ends the I/O threads. Blocks. True when nothing had to be
  /// cut off.
  bool drain(std::chrono::milliseconds grace);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sorteo
