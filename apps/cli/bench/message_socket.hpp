#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "apps/cli/bench/bench_failure.hpp"
#include "core/message.hpp"

namespace sorteo::cli {

/// A connection on which one message is sent and one is read, with a time limit: for what is asked
/// before and after the load. Not thread-safe.
class MessageSocket final {
 public:
  struct Received {
    std::uint8_t type = 0;
    std::string payload;
  };

  /// Connects, waiting for each step up to `timeout`. Errors: kNoConnection.
  static BenchResult<MessageSocket> connect(const boost::asio::ip::tcp::endpoint& server,
                                            std::chrono::milliseconds timeout);

  MessageSocket(MessageSocket&& other) noexcept;
  MessageSocket(const MessageSocket&) = delete;
  MessageSocket& operator=(const MessageSocket&) = delete;
  MessageSocket& operator=(MessageSocket&&) = delete;
  ~MessageSocket();

  /// Sends a message and does not wait. Errors: kNoConnection.
  [[nodiscard]] BenchResult<void> send(MessageType type, std::string_view payload) const;

  /// Waits for a message, up to `timeout`. Errors: kNoConnection.
  [[nodiscard]] BenchResult<Received> receive(std::chrono::milliseconds timeout) const;

  /// Whether nothing has come and the server has not closed.
  bool is_silent() const noexcept;

  /// Lets the socket go: whoever gets it closes it. It does not block afterwards.
  int release_non_blocking() noexcept;

 private:
  explicit MessageSocket(int descriptor) noexcept : descriptor_(descriptor) {}

  void set_timeout(int option, std::chrono::milliseconds timeout) const noexcept;
  [[nodiscard]] BenchResult<void> read(char* to, std::size_t size) const;

  int descriptor_;
};

}  // namespace sorteo::cli
