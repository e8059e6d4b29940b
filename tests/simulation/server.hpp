#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tests/simulation/server_process.hpp"
#include "tests/support/simulated_disk.hpp"

namespace sorteo::simulation {

/// What happens to a server and its disk while faults are on.
struct ServerFaults {
  std::uint32_t kills = 0;        ///< runs of 100 that are killed in the midst of a disk call
  std::uint32_t power_cuts = 0;   ///< kills of 100 in which the whole machine goes
  std::uint32_t disk_faults = 0;  ///< runs of 100 in which a disk call fails
  std::uint32_t drains = 0;       ///< runs of 100 that are asked to stop
  bool may_be_full = false;       ///< whether the disk is full at times
};

/// The machine on which the server runs: its disk, and one process after the other. It starts the
/// next one when one has ended, however it has.
class Server final {
 public:
  Server(const ServerOptions& options, const ServerFaults& faults, Network& network, Model& model,
         Transcript& transcript, Chance chance);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();
  /// Faults happen no more; what they have led to takes its course.
  void calm();
  /// Stops the process in an orderly way, opens the store once more, and shows it to the model.
  /// Faults have ended.
  void conclude();

  /// Whether it serves.
  bool is_up() const noexcept { return phase_ == Phase::kRunning; }
  std::string describe() const;

 private:
  enum class Phase { kDown, kRunning, kStopping };

  void open();
  boost::system::result<std::unique_ptr<FileBetStore>, StoreFailure> open_store();
  void verify(const BetStore& store);
  void not_opened(const StoreFailure& failure);
  void arm();
  void disarm();
  void run(std::unique_ptr<BetStore> store, std::function<bool()> pump);
  void plan_run();
  void after_work();
  void stop();
  void wait_for_drain(Scheduler::Time until);
  void close();
  void die();
  void end_process(bool is_power_cut);
  void fill_disk();
  void later(Scheduler::Duration delay, void (Server::*what)());
  void note(const char* what);

  const ServerOptions options_;
  const ServerFaults faults_;
  Network& network_;
  Model& model_;
  Transcript& transcript_;
  Chance chance_;
  test::SimulatedDisk disk_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<ServerProcess> process_;
  Phase phase_ = Phase::kDown;
  std::uint64_t run_ = 0;
  bool is_calm_ = false;
  bool is_running_ = false;  // the present process has not been killed
  bool has_failed_ = false;  // its store has
  bool was_full_ = false;    // the disk, at some time since the process began
};

}  // namespace sorteo::simulation
