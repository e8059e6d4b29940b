#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "tests/failures/held_port.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sorteo::test {

/// The real server on a file store of its own, killed and started again on the same port. Whatever
/// it does but run until it is killed or stopped is a failed expectation, with what it printed. Not
/// thread-safe.
class MortalServer final {
 public:
  /// Does not start it. The draw is held when `agencies` have finished; `durability` is a word of
  /// its configuration, `fsync`, `interval` or `os`: each survives a kill.
  explicit MortalServer(std::uint32_t agencies, const std::string& durability = "fsync");

  std::uint16_t port() const noexcept { return port_.number(); }
  /// The directory of the store.
  std::string store() const { return folder_ / "store"; }
  const TemporaryDirectory& folder() const noexcept { return folder_; }

  /// Starts it, without waiting for anything.
  void start();
  /// Waits until it listens.
  void wait_until_it_listens();
  /// Starts it, and waits until it listens.
  void start_and_wait() {
    start();
    wait_until_it_listens();
  }

  /// SIGKILL. When this returns, it is gone.
  void kill();
  /// SIGTERM. When this returns, it is gone.
  void stop();

 private:
  const HeldPort port_;
  const TemporaryDirectory folder_;
  const std::string config_;
  std::unique_ptr<Process> process_;
};

}  // namespace sorteo::test
