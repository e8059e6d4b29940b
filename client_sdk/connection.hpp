#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
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
/// only while open(), write(), run_one_until() or poll() runs. Calls the system itself: with one
/// socket and one thread, an event loop would double the number of calls.
class Connection final {
 public:
  using Opened = boost::system::result<std::unique_ptr<Connection>, ConnectFault>;

  /// Connects to the first of `endpoints` (at least one) that accepts. Each is given its share of
  /// the time that is left until `deadline`, so that one that is silent does not use it up.
  static Opened open(const std::vector<boost::asio::ip::tcp::endpoint>& endpoints,
                     Clock::time_point deadline);

  /// Takes over a socket that is connected.
  explicit Connection(int descriptor) noexcept;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// Whether a write is under way.
  bool writing() const noexcept { return writing_; }

  /// Begins to write `bytes`, and leaves in their place an empty string whose memory has served
  /// before. No write may be under way.
  void write(std::string& bytes);

  /// So many bytes are worth to be waited for: run_one_until() may sleep until they have come, or
  /// the end. One byte, unless told otherwise.
  void expect(std::size_t bytes) noexcept;

  /// Waits for an event and handles it. False when `deadline` passed without one, or when the
  /// connection has ended.
  bool run_one_until(Clock::time_point deadline);

  /// Handles what has come, within a limit, without waiting.
  void poll();

  /// Takes the bytes that have come since the last time. They live until the next call.
  std::string_view take_received();

  /// Why nothing more will come from the server, once that is so. Bytes that came before are still
  /// there to be taken.
  boost::system::error_code ended() const noexcept { return ended_; }

 private:
  void receive();
  void send();

  const int descriptor_;
  std::size_t expected_ = 1;
  std::array<char, 64 * 1024> buffer_;
  std::string arrived_;
  std::string taken_;
  std::string outgoing_;
  std::size_t sent_ = 0;  // of outgoing_
  bool writing_ = false;
  boost::system::error_code write_error_;
  boost::system::error_code ended_;
};

}  // namespace sorteo::client
