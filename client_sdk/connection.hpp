#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client_sdk/deadline.hpp"

namespace sorteo::client {

/// Why no address could be connected to.
struct ConnectFault {
  bool timed_out = false;
  std::string message;
};

/// One TCP connection to the server. Reads all the time and writes when told to, both at once: two
/// sides that only write would wait for each other as soon as both sockets' buffers are full. Works
/// only while open(), run_one_until() or poll() runs.
class Connection final {
 public:
  using Opened = boost::system::result<std::unique_ptr<Connection>, ConnectFault>;

  /// Connects to the first of `endpoints` (at least one) that accepts. Each is given its share of
  /// the time that is left until `deadline`, so that one that is silent does not use it up.
  static Opened open(const std::vector<boost::asio::ip::tcp::endpoint>& endpoints,
                     Clock::time_point deadline);

  Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Whether a write is under way.
  bool writing() const noexcept { return writing_; }

  /// Begins to write `bytes`. No write may be under way.
  void write(std::string bytes);

  /// Waits for an event and handles it. False when `deadline` passed without one.
  bool run_one_until(Clock::time_point deadline);

  /// Handles events that have come, a few at most, without waiting.
  void poll();

  /// Takes the bytes that have come since the last time.
  std::string take_received() { return std::exchange(arrived_, {}); }

  /// Why nothing more will come from the server, once that is so. Bytes that came before are still
  /// there to be taken.
  boost::system::error_code ended() const noexcept { return ended_; }

 private:
  bool connect(const boost::asio::ip::tcp::endpoint& endpoint, Clock::time_point deadline,
               boost::system::error_code& error);
  void read();

  // The handlers of its operations never run after it has been destroyed, so they may refer to the
  // connection. The socket must go first.
  boost::asio::io_context io_{1};
  boost::asio::ip::tcp::socket socket_{io_};
  std::string arrived_;
  std::array<std::byte, 16 * 1024> received_;
  std::string outgoing_;
  bool writing_ = false;
  boost::system::error_code write_error_;
  boost::system::error_code ended_;
};

}  // namespace sorteo::client
