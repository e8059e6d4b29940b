#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "tests/support/proxy_connection.hpp"

namespace sorteo::test {

/// What has become of a proxy's connections.
struct ProxyCounts {
  std::uint64_t connections = 0;  ///< accepted
  std::uint64_t open = 0;         ///< of these, not over yet
  std::uint64_t ended = 0;        ///< that were ended, reset, swallowed as their plans say
  std::uint64_t reset = 0;
  std::uint64_t swallowed = 0;

  friend bool operator==(const ProxyCounts&, const ProxyCounts&) = default;
};

/// A network that fails on purpose: listens on a loopback port, and passes each connection on to a
/// server, treating it as its plan says. One thread of its own serves all connections. Thread-safe.
class FaultyProxy final {
 public:
  /// The plan of the connection that is the `number`-th, from 1. Called on the proxy's thread.
  using Planner = std::function<ProxyPlan(std::uint64_t number)>;

  /// Passes on to `server_port` of the loopback. Throws std::system_error when it cannot listen.
  FaultyProxy(std::uint16_t server_port, Planner planner);
  FaultyProxy(const FaultyProxy&) = delete;
  FaultyProxy& operator=(const FaultyProxy&) = delete;
  /// Closes every connection.
  ~FaultyProxy();

  /// Where clients connect, on the loopback.
  std::uint16_t port() const noexcept { return port_; }

  ProxyCounts counts() const;

  /// Waits until `true_of` the counts. False when `patience` was over before.
  bool wait_until(const std::function<bool(const ProxyCounts&)>& true_of,
                  std::chrono::milliseconds patience) const;
  /// Waits until no connection is open. False when `patience` was over before.
  bool wait_until_idle(std::chrono::milliseconds patience) const {
    return wait_until([](const ProxyCounts& counts) { return counts.open == 0; }, patience);
  }

 private:
  using Clock = ProxyConnection::Clock;

  struct Open {
    ProxyAct act;
    std::unique_ptr<ProxyConnection> connection;
  };

  void serve();
  int milliseconds_to_wait(Clock::time_point now) const;
  void accept_all();
  std::optional<int> connect_to_server() const;
  void drop_those_that_are_over();

  const std::uint16_t server_port_;
  const Planner planner_;
  int listener_ = -1;
  int stop_ = -1;  // an eventfd
  std::uint16_t port_ = 0;
  std::vector<Open> open_;  // of the thread alone
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  ProxyCounts counts_;
  std::thread thread_;
};

}  // namespace sorteo::test
