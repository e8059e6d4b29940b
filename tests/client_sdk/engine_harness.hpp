#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "client_sdk/session_engine.hpp"
#include "core/message.hpp"

namespace sorteo::client {

/// A SessionEngine of agency 5, with a clock that goes when it is told to and a server that a test
/// plays. Each batch has ten bets.
class EngineHarness final {
 public:
  explicit EngineHarness(const EngineOptions& options = usual_options(), BatchLog* log = nullptr)
      : engine_(options, log) {}

  static EngineOptions usual_options();
  static SessionId session();

  SessionEngine* operator->() noexcept { return &engine_; }
  Clock::time_point now() const noexcept { return now_; }

  /// Gives the next `count` batches, which must be taken.
  void push(int count);

  /// Lets the time pass until it wants to connect, which it must, and connects.
  void connect();
  void close(const std::string& cause = "closed");
  void refuse_connection();
  /// Lets time pass, and says so.
  void pass(std::chrono::milliseconds time);
  /// Lets the time pass at which it wants to be told.
  void pass_to_next_time();

  void receive(std::string_view bytes) { engine_.on_received(as_bytes(bytes), now_); }
  void welcome(std::uint64_t durable = 0);
  void welcome(const v2::Welcome& welcome);
  void stored(std::uint64_t sequence, std::uint32_t bets = 10);
  void error(v2::ErrorCode code, MessageType request = MessageType::kOnceBatch);
  void error(const v2::Error& error);
  void go_away(std::uint32_t after_ms = 0);

  /// Connects, takes the Hello and welcomes.
  void open(std::uint64_t durable = 0);

  /// What it has to write now, as `hello`, `batch 3`, `empty 3`, `finish 20`, `await 1000`; a wrong
  /// agency or session is named.
  std::vector<std::string> written();

  /// The outcomes since the last time, as `stored 1-10`, with the reason of a refusal behind `: `.
  std::vector<std::string> outcomes();

  /// The kind and the cause of its failure; empty when there is none.
  std::string failure() const;

  std::string answer();

 private:
  SessionEngine engine_;
  Clock::time_point now_{std::chrono::hours(1)};
  std::uint64_t bets_ = 0;
};

/// The bytes of a message.
std::string message(MessageType type, std::string_view payload);
std::string receipt(const v2::ReceiptMessage& receipt);
std::string welcome_message(std::uint64_t durable);

}  // namespace sorteo::client
