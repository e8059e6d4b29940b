#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "apps/cli/bench/bench_failure.hpp"
#include "apps/cli/bench/message_socket.hpp"
#include "apps/cli/endpoint.hpp"
#include "core/version2.hpp"

namespace sorteo::cli {

/// The server that is measured, as it is spoken to before and after the load, in version 2 of the
/// protocol. Immutable.
class BenchServer final {
 public:
  /// Finds the address. `timeout` is for each step of what is asked later, too. Errors:
  /// kNoConnection.
  static BenchResult<BenchServer> find(const Endpoint& server, std::chrono::milliseconds timeout);

  /// A connection to it. Errors: kNoConnection.
  BenchResult<MessageSocket> connect() const;

  /// Says Hello on `socket`, of a session of `agency`. Errors: kNoConnection, as when the server
  /// does not know version 2.
  BenchResult<v2::Welcome> greet(const MessageSocket& socket, std::uint32_t agency,
                                 const SessionId& session) const;

  /// Asks on a connection of its own what is stored of `agency`, and what the server's limits are.
  BenchResult<v2::Welcome> ask(std::uint32_t agency) const;

  /// Says on `socket` that `agency` has finished, with so many bets. Errors: kNoConnection;
  /// kRefused when the server has another number.
  BenchResult<void> finish(const MessageSocket& socket, std::uint32_t agency,
                           std::uint64_t bets) const;

  /// The winners of `agency`, which have been asked for on `socket` and are waited for up to
  /// `patience`. Errors: kNoConnection, kDrawNotHeld.
  BenchResult<v2::Winners> receive_winners(const MessageSocket& socket,
                                           std::chrono::milliseconds patience) const;

  const boost::asio::ip::tcp::endpoint& address() const noexcept { return address_; }
  std::chrono::milliseconds timeout() const noexcept { return timeout_; }

 private:
  BenchServer(const boost::asio::ip::tcp::endpoint& address, std::chrono::milliseconds timeout)
      : address_(address), timeout_(timeout) {}

  boost::asio::ip::tcp::endpoint address_;
  std::chrono::milliseconds timeout_;
};

}  // namespace sorteo::cli
