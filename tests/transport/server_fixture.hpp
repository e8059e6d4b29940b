#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/handler_registry.hpp"
#include "tests/support/recording_log.hpp"
#include "tests/transport/raw_client.hpp"
#include "transport/server.hpp"

namespace sorteo::test {

/// A Message or, with type 0, a Packet.
std::string frame(std::uint8_t type, std::string_view payload);

/// What an echoing handler answers to `payload`.
std::string echo(std::string_view payload);

/// A handler made of a function.
class FunctionHandler final : public Handler {
 public:
  using Function = std::function<void(const Request&, Responder)>;

  FunctionHandler(std::string name, Function function)
      : name_(std::move(name)), function_(std::move(function)) {}

  std::string_view name() const noexcept override { return name_; }
  void handle(const Request& request, Responder responder) override {
    function_(request, std::move(responder));
  }

 private:
  const std::string name_;
  const Function function_;
};

/// Requests that a test answers when it likes, from its own thread.
class HeldRequests final {
 public:
  struct Held {
    std::string payload;
    Responder responder;
  };

  void hold(const Request& request, Responder responder);

  /// Waits until `count` requests are held at once. False when that took too long.
  bool wait_for(std::size_t count);

  /// Takes the oldest request, waiting for it.
  Held take();

  /// The most that were held at once.
  std::size_t most() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Held> held_;
  std::size_t most_ = 0;
};

/// A server on a port of its own, with handlers for the types that the tests use.
class ServerFixture : public testing::Test {
 protected:
  static constexpr std::uint8_t kEcho = 1;   ///< answered at once; also the batches of generation 6
  static constexpr std::uint8_t kHold = 2;   ///< answered when the test likes
  static constexpr std::uint8_t kThrow = 3;  ///< throws
  static constexpr std::uint8_t kDrop = 6;   ///< drops its responder
  static constexpr std::uint8_t kLarge = 7;  ///< answers with as many bytes as the payload says
  static constexpr std::uint8_t kHello = 16;  ///< answered by a reply that accepts a GoAway
  static constexpr std::uint8_t kNobody = 4;  ///< of version 1, and served by nobody
  static constexpr std::uint8_t kLater = 99;  ///< of a later version

  ServerFixture();
  ~ServerFixture() override;

  /// Starts the server with `options_`, unless it runs.
  RawClient connect();
  Server& start();

  /// Waits until `condition` holds. False when it took too long.
  static bool wait_until(const std::function<bool()>& condition);

  /// Waits until some log line holds `part`.
  bool wait_for_log(std::string_view part) const;
  std::size_t count_log(std::string_view part) const;

  RecordingLog log_;
  HandlerRegistry registry_;
  std::shared_ptr<HeldRequests> held_ = std::make_shared<HeldRequests>();
  ServerOptions options_;
  std::unique_ptr<Server> server_;
};

}  // namespace sorteo::test
