#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/chance.hpp"
#include "tests/simulation/scheduler.hpp"

namespace sorteo::simulation {

/// How badly the network behaves.
struct NetworkFaults {
  Scheduler::Duration least_delay{20};
  Scheduler::Duration most_delay{200};
  std::size_t most_chunk = 4096;       ///< bytes that arrive at once
  std::uint32_t resets = 0;            ///< arrivals of 1000 that are a reset instead
  std::uint32_t silences = 0;          ///< arrivals of 1000 after which nothing arrives any more
  std::uint32_t lost_connects = 0;     ///< attempts of 1000 that are never answered
  std::uint32_t refused_connects = 0;  ///< attempts of 1000 that are refused
};

/// What one end of a connection is told. It may close the connection within a call.
class Peer {
 public:
  virtual ~Peer() = default;

  /// Bytes have arrived: Connection::arrived().
  virtual void received() = 0;
  /// The other end has closed, and every byte of it has arrived.
  virtual void ended() = 0;
  /// The connection is broken; what had not arrived is lost.
  virtual void broken() = 0;
};

class Network;

enum class End : std::uint8_t { kClient = 0, kServer = 1 };

/// Two streams of bytes, one each way, which arrive in pieces, late, or not at all. Ends hear of
/// what the other does only through the network.
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Network& network, std::uint64_t number) noexcept
      : network_(network), number_(number) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  std::uint64_t number() const noexcept { return number_; }

  /// `peer` is told what happens at `end`, until it is null.
  void attach(End end, Peer* peer) noexcept { side(end).peer = peer; }

  void send(End from, std::string_view bytes);

  /// What has arrived at `end` and was not taken; the peer erases what it takes.
  std::string& arrived(End end) noexcept { return side(end).arrived; }

  /// `end` sends nothing more; the other end hears of it behind the bytes.
  void finish(End end);

  /// `end` is gone: it is told nothing more, and the other end hears a reset.
  void reset(End end);

  /// From now on nothing arrives anywhere, and nobody is told.
  void silence() noexcept;

 private:
  struct Side {
    Peer* peer = nullptr;
    std::string arrived;       // here
    std::string travelling;    // towards here
    bool is_moving = false;    // an arrival is due
    bool end_travels = false;  // the other end has finished
    bool is_broken = false;    // the peer will be told so, or has been
    bool is_over = false;      // nothing more arrives here
    bool is_silent = false;
  };

  Side& side(End end) noexcept { return sides_[static_cast<std::size_t>(end)]; }
  static End other(End end) noexcept { return end == End::kClient ? End::kServer : End::kClient; }

  void move(End to);
  void arrive(End to);
  void break_both();
  void tell_broken(End end);

  Network& network_;
  const std::uint64_t number_;
  Side sides_[2];
};

/// Every connection between the clients and the one server.
class Network final {
 public:
  /// Told of a connection that a client has opened; the server attaches itself.
  using Accept = std::function<void(std::shared_ptr<Connection>)>;
  /// Told how an attempt ended: null when it was refused. Never told when it got lost.
  using Opened = std::function<void(std::shared_ptr<Connection>)>;

  Network(Scheduler& scheduler, Chance chance) noexcept : scheduler_(scheduler), chance_(chance) {}
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  NetworkFaults faults;

  /// The server listens, until `accept` is empty.
  void listen(Accept accept) { accept_ = std::move(accept); }

  /// Where the server listens; nobody is at the other addresses.
  static constexpr std::size_t kServer = 0;

  void connect(std::size_t address, Opened opened);

  Scheduler& scheduler() noexcept { return scheduler_; }
  Chance& chance() noexcept { return chance_; }
  Scheduler::Duration delay() {
    return chance_.time_between(faults.least_delay, faults.most_delay);
  }

 private:
  Scheduler& scheduler_;
  Chance chance_;
  Accept accept_;
  std::uint64_t connections_ = 0;
};

}  // namespace sorteo::simulation
