#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/agency_gate.hpp"
#include "core/draw.hpp"
#include "core/handler_registry.hpp"
#include "core/log.hpp"
#include "core/waiting_room.hpp"
#include "storage/file_bet_store.hpp"
#include "tests/simulation/model.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/server_connection.hpp"
#include "tests/simulation/transcript.hpp"

namespace sorteo::simulation {

struct ServerOptions {
  bool is_in_memory = false;  ///< its store is the one in memory: there is one run only
  /// Puts something before the store that the server has opened; may be empty.
  std::function<std::unique_ptr<BetStore>(std::unique_ptr<BetStore>)> disguise = {};
  Durability durability = Durability::kFsync;
  SegmentSizes segments = {1024, 4096};
  std::uint32_t agencies = 1;  ///< that must finish
  std::size_t max_requests_in_flight = 8;
  std::size_t max_waiting = 100;            ///< questions
  std::size_t max_waiting_bytes = 1 << 20;  ///< of changes
  Scheduler::Duration most_pause{300};      ///< before the store's writer does something
};

/// One run of the server: the real store, draw, waiting room and handlers, wired as apps/server
/// does, with virtual connections in the place of transport's server.
class ServerProcess final {
 public:
  struct Surroundings {
    Network& network;
    Model& model;
    Transcript& transcript;
    Log& log;
    Chance chance;
    /// Whether the process still runs; see ServerConnection.
    std::function<bool()> is_running;
    /// Called after everything that may have touched the disk.
    std::function<void()> on_work;
  };

  /// Serves what is in `store`, which `pump` drives.
  ServerProcess(const ServerOptions& options, std::unique_ptr<BetStore> store,
                std::function<bool()> pump, Surroundings surroundings);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  void start();
  BetStore& store() noexcept { return *store_; }

  /// The process or its machine is gone: its connections break, or nobody hears of it. Destroy it
  /// then.
  void vanish(bool is_silent);

  /// Begins to stop: nothing more is accepted or received, what is in flight is answered.
  void drain();
  /// Whether everybody has been answered.
  bool is_drained() const;
  /// Closes the store. Nothing on success.
  [[nodiscard]] std::optional<StoreFailure> close();

 private:
  void accept(std::shared_ptr<Connection> connection);
  void work_soon();
  void work();
  void tick();
  void after(Scheduler::Duration delay, void (ServerProcess::*what)());
  void run_background();

  const ServerOptions options_;
  Surroundings surroundings_;
  Chance chance_;
  const std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);  // seen by late events

  const std::unique_ptr<BetStore> store_;
  const std::function<bool()> pump_;
  std::vector<std::function<void()>> background_;
  Draw draw_;
  WaitingRoom room_;
  AgencyGate gate_{{.disabled = {}, .max_bets_per_second = 0}};  // the clock has no say here
  HandlerRegistry handlers_;
  ServerSurroundings connection_surroundings_;
  std::vector<std::shared_ptr<ServerConnection>> connections_;
  bool is_work_due_ = false;
};

}  // namespace sorteo::simulation
