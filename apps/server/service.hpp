#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "apps/server/background_runner.hpp"
#include "apps/server/configuration.hpp"
#include "apps/server/ticker.hpp"
#include "core/agency_gate.hpp"
#include "core/bet_store.hpp"
#include "core/draw.hpp"
#include "core/handler_registry.hpp"
#include "core/log.hpp"
#include "core/waiting_room.hpp"
#include "transport/server.hpp"

namespace sorteo {

/// Opens the store that the configuration asks for, and logs what it found. The failure is not
/// logged.
boost::system::result<std::unique_ptr<BetStore>, StoreFailure> open_store(
    const StorageOptions& options, Log& log);

/// A store with all that serves it: the draw, the handlers and the server, wired to each other, and
/// taken down in the order that their references ask for. Not thread-safe.
class Service final {
 public:
  /// `log` must outlive the service. Throws std::system_error when the system has no threads left.
  Service(const Configuration& configuration, std::unique_ptr<BetStore> store, Log& log);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  /// Stops at once what still runs.
  ~Service();

  /// Takes up the draw where the store left it, and listens. Returns why it cannot listen, or
  /// nothing. Call it once.
  [[nodiscard]] std::optional<std::string> start();

  /// The port that is listened on, once started.
  std::uint16_t port() const noexcept { return server_.port(); }

  /// Takes over what of `configuration` can change while the service runs: the files of TLS, which
  /// are read again, the limits and the agencies. Sessions of agencies that are disabled end. When
  /// a file cannot be used, nothing has changed, and the sentence says why. Between start() and
  /// stop().
  [[nodiscard]] std::optional<std::string> change(const Configuration& configuration);

  /// Answers those who wait for the draw that it stops, and what is in flight, for `grace` at most,
  /// closes the store, and logs each resource that
  /// is closed. Blocks. False when the store could not be closed: what it had acknowledged under
  /// durability "os" may then be lost. Stopping again does nothing.
  bool stop(std::chrono::milliseconds grace);

 private:
  void tick();
  void warn_of_another_number() const;
  void close_server(std::chrono::milliseconds grace);
  bool close_store();

  const Configuration configuration_;
  Log& log_;
  // Declared in the order in which they refer to each other.
  const std::unique_ptr<BetStore> store_;
  BackgroundRunner background_;
  Draw draw_;
  AgencyGate gate_;
  WaitingRoom waiting_room_;
  HandlerRegistry handlers_;
  Server server_;
  WaitingRoom::Clock::time_point resume_at_;  // once it ticks, only the ticker's
  std::optional<Ticker> ticker_;
  bool stopped_ = false;
};

}  // namespace sorteo
