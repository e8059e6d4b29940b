#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/bet.hpp"

namespace sorteo::test {

/// A request as a fake server has read it.
struct FakeRequest {
  std::uint8_t type = 0;
  std::string payload;
};

/// The server's end of one connection. Blocking; ends when the client goes or the server stops.
class FakePeer final {
 public:
  explicit FakePeer(int fd, std::vector<FakeRequest>& log, std::mutex& log_mutex) noexcept
      : fd_(fd), log_(log), log_mutex_(log_mutex) {}

  /// Reads a whole message; nothing when the connection has ended. The server keeps a copy.
  std::optional<FakeRequest> read_request();

  void send(std::string_view bytes);
  /// One write for each byte.
  void send_byte_by_byte(std::string_view bytes);
  /// Ends the connection with a reset instead of an orderly end.
  void reset();
  /// Sends nothing more, and lets the client know.
  void end_sending();
  /// Waits until the client closes, or the server stops, without reading.
  void wait_for_end();

 private:
  bool read(char* to, std::size_t bytes);

  int fd_;
  std::vector<FakeRequest>& log_;
  std::mutex& log_mutex_;
};

/// A server on a loopback port that serves one connection at a time, on one thread, as its script
/// says; the connection is closed when the script returns.
class FakeServer final {
 public:
  /// `number` counts the connections from 1.
  using Script = std::function<void(FakePeer& peer, int number)>;

  explicit FakeServer(Script script);
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;
  /// Cuts the connection that is served, if any, and stops.
  ~FakeServer();

  std::uint16_t port() const noexcept { return port_; }
  /// Connections accepted so far.
  int connections() const noexcept { return connections_; }
  /// Requests read whole so far, in order.
  std::vector<FakeRequest> requests() const;
  /// The documents of the bets in all batches read so far, in order.
  std::vector<std::string> documents() const;

 private:
  void serve();

  Script script_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;  // of what follows
  std::vector<FakeRequest> requests_;
  int serving_ = -1;
  bool stopping_ = false;
  std::thread thread_;
};

// Answers of version 1.
std::string ok_answer();
std::string error_answer(std::string_view reason);
std::string wait_answer();
std::string winners_answer(const std::vector<std::uint32_t>& documents);

/// Answers a batch with OK and a Consulta with wait.
std::string usual_answer(const FakeRequest& request);

/// As the servers in the field: reads one request of each connection, answers it, and closes.
FakeServer::Script field_server();

/// Keeps each connection and answers every request on it.
FakeServer::Script persistent_server();

/// A listening socket on a loopback port whose queue is full: the system answers no further
/// connection.
class DeafServer final {
 public:
  DeafServer();
  DeafServer(const DeafServer&) = delete;
  DeafServer& operator=(const DeafServer&) = delete;
  ~DeafServer();

  std::uint16_t port() const noexcept { return port_; }

 private:
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::vector<int> fillers_;
};

/// A loopback port that is taken and on which nobody listens: connections are refused.
class ClosedPort final {
 public:
  ClosedPort();
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;
  ~ClosedPort();

  std::uint16_t port() const noexcept { return port_; }

 private:
  int socket_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace sorteo::test
