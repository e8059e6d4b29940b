#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/message.hpp"
#include "core/version2.hpp"
#include "tests/support/fake_server.hpp"

namespace sorteo::test {

/// A service of version 2 in memory, as fake servers answer for it: it stores each batch once, and
/// outlives their connections, as a store outlives its server. Thread-safe.
class FakeVersion2 final {
 public:
  /// The answer to `request`, of any type of version 2 or of version 1.
  std::string answer(const FakeRequest& request);

  /// The last answer was lost on its way. If it was a receipt, Welcomes do not count its batch, as
  /// when it is not durable yet, until it has been sent again.
  void lose_last_answer();
  /// The draw has been held, and these have won.
  void hold_draw(std::vector<std::uint32_t> winners);

  /// The documents of all bets stored, in order.
  std::vector<std::string> documents() const;
  /// The agency's counts with which it has said that it has finished.
  std::vector<std::uint64_t> finishes() const;

  /// Answers every request on every connection.
  FakeServer::Script serve();

 private:
  struct Sender {
    std::vector<std::string> batches;  // the Packets of each
    std::uint64_t answered = 0;        // as many have been answered
  };

  std::string welcome(const FakeRequest& request);
  std::string store(const FakeRequest& request);
  void note_answered(Sender& sender, std::uint64_t sequence);
  std::string finish(const FakeRequest& request);
  std::string winners(const FakeRequest& request);

  mutable std::mutex mutex_;
  std::map<SessionId, Sender> sessions_;
  Sender* last_answered_ = nullptr;  // whom the last receipt went to
  std::vector<std::string> documents_;
  std::vector<std::uint64_t> finishes_;
  bool is_held_ = false;
  std::vector<std::uint32_t> winners_;
};

/// The bytes of a message.
std::string message_bytes(MessageType type, std::string_view payload);
/// The error of a request of type `request`.
std::string v2_error(v2::ErrorCode code, std::uint8_t request);
std::string go_away();

}  // namespace sorteo::test
