#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "client_sdk/batcher.hpp"
#include "client_sdk/client.hpp"
#include "client_sdk/deadline.hpp"

namespace sorteo::client {

/// The exchange of requests and answers with the service, over as many connections as it takes, in
/// one version of the protocol. It works only while one of its functions runs. Not thread-safe.
class Exchange {
 public:
  virtual ~Exchange() = default;

  /// A call of the client begins: what an earlier call gave up may be tried again.
  virtual void begin_call() = 0;

  /// Whether the window has room for a batch.
  virtual bool has_room() const = 0;

  /// Hands a batch over, for which there must be room. When that fails, `batch` is as it was.
  [[nodiscard]] virtual std::optional<Failure> push(OutgoingBatch& batch) = 0;

  /// Sends what can be sent and takes in what has come. May connect; waits for nothing else.
  virtual void advance(CallClock& call) = 0;

  /// Works until there is room. False when something came between: see take_failure().
  virtual bool wait_for_room(CallClock& call) = 0;

  /// Works until every batch has had its outcome. False when something came between: see
  /// take_failure().
  virtual bool wait_until_idle(CallClock& call) = 0;

  /// What went wrong since the last time: with batches, or else with the connection.
  virtual std::optional<Failure> take_failure() = 0;

  /// Says, when idle, that the agency has finished; version 2 says with how many bets.
  [[nodiscard]] virtual std::optional<Failure> finish(std::optional<std::uint64_t> bets,
                                                      CallClock& call) = 0;

  /// Asks for the winners, when idle; the server may hold the question until `until`, if that is
  /// known in this version. No value inside: the draw has not been held.
  virtual std::variant<std::optional<Winners>, Failure> ask(Clock::time_point until,
                                                            CallClock& call) = 0;

  /// Whether the server holds a question for the winners until the draw.
  virtual bool holds_questions() const = 0;

  /// Whether the server has ever answered.
  virtual bool answered() const = 0;

  /// How many bytes of Packets a batch may have for this server, if it has said so.
  virtual std::optional<std::size_t> packet_limit() const = 0;

  /// The batches that were sent and have no outcome yet, and get one by being sent again.
  virtual std::vector<BatchResult> unsettled() const = 0;
};

}  // namespace sorteo::client
