#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "client_sdk/batcher.hpp"
#include "client_sdk/client.hpp"
#include "client_sdk/connection.hpp"
#include "client_sdk/deadline.hpp"
#include "client_sdk/ledger.hpp"
#include "client_sdk/name_resolver.hpp"
#include "client_sdk/peer.hpp"

namespace sorteo::client {

/// The exchange of requests and answers with one server, over as many connections as it takes.
///
/// Servers in the field close the connection after each answer, and version 1 has no greeting that
/// would tell them apart. So the first batch goes alone on a fresh connection. When it has been
/// answered, what follows on the same connection is a request that cannot do harm when it is lost:
/// a Consulta, or an empty batch as a probe. If it is answered, the server keeps connections, and
/// from then on batches are pipelined; if the connection ends instead, each request gets a
/// connection of its own, one at a time.
class Conversation final {
 public:
  /// `options` and `ledger` must outlive the conversation.
  Conversation(const Options& options, Ledger& ledger);

  /// Whether the window has room for a batch.
  bool has_room() const noexcept { return waiting_.size() + sent_.size() < window_; }

  /// Whether every batch has had its outcome.
  bool idle() const noexcept { return waiting_.empty() && sent_.empty(); }

  /// Hands a batch over, for which there must be room.
  void push(OutgoingBatch batch);

  /// Sends what can be sent and takes in what has come. May connect; waits for nothing else.
  void advance(CallClock& call);

  /// Works until there is room. False when something came between: see take_failure().
  bool wait_for_room(CallClock& call);

  /// Works until idle. False when something came between: see take_failure().
  bool wait_until_idle(CallClock& call);

  /// Asks for the winners, when idle. A connection that had been used and has ended meanwhile is
  /// replaced, for a Consulta may be sent twice.
  std::variant<Answer, Failure> ask(CallClock& call);

  /// What went wrong since the last time: with batches, or else with the connection.
  std::optional<Failure> take_failure();

  /// Whether the server has ever answered.
  bool answered() const noexcept { return answered_; }

 private:
  enum class ServerKind { kUntold, kOneRequest, kKeepsOpen };

  struct Request {
    enum class What { kBatch, kProbe, kConsulta };
    What what = What::kBatch;
    BetSpan bets;
  };

  // Why a connection is given up.
  struct Loss {
    FailureKind kind;
    Stage stage;
    std::string cause;
  };

  bool work_until(const std::function<bool()>& done, CallClock& call);
  bool send_next(CallClock& call);
  void send(Request request, std::string message);
  bool connect(CallClock& call);
  void take_in(CallClock& call);
  void settle(Answer answer, CallClock& call);
  void settle_batch(const BetSpan& bets, const Answer& answer);
  void time_over(const CallClock& call);
  void lose(const Loss& loss);
  void fail(FailureKind kind, Stage stage, const std::string& cause);
  Stage stage_on_wire() const noexcept;

  const Options& options_;
  Ledger& ledger_;
  const std::size_t window_;
  const Peer peer_;
  NameResolver resolver_;
  NameResolver::Endpoints addresses_;  // none: to be resolved

  std::unique_ptr<Connection> connection_;
  bool used_ = false;  // connection_ has had an answer
  ServerKind server_ = ServerKind::kUntold;
  bool answered_ = false;

  std::deque<OutgoingBatch> waiting_;
  std::deque<Request> sent_;  // in the order in which their answers will come
  std::optional<std::variant<Answer, Failure>> consulta_;  // what came of it
  std::optional<Failure> failure_;                         // of the connection; no batch is lost
  bool interrupted_ = false;  // a connection was lost with batches on it, or failure_ was set
};

}  // namespace sorteo::client
