#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "client_sdk/answer_reader.hpp"
#include "client_sdk/batcher.hpp"
#include "client_sdk/client.hpp"
#include "client_sdk/connection.hpp"
#include "client_sdk/deadline.hpp"
#include "client_sdk/exchange.hpp"
#include "client_sdk/ledger.hpp"
#include "client_sdk/name_resolver.hpp"
#include "client_sdk/peer.hpp"

namespace sorteo::client {

/// The exchange in version 1 of the protocol. Of several servers, the next is tried when one cannot
/// be connected to.
///
/// Servers in the field close the connection after each answer, and version 1 has no greeting that
/// would tell them apart. So the first batch goes alone on a fresh connection. When it has been
/// answered, what follows on the same connection is a request that cannot do harm when it is lost:
/// a Consulta, or an empty batch as a probe. If it is answered, the server keeps connections, and
/// from then on batches are pipelined; if the connection ends instead, each request gets a
/// connection of its own, one at a time.
class Conversation final : public Exchange {
 public:
  /// With `servers`, one at least. `options` and `ledger` must outlive the conversation.
  Conversation(const Options& options, const std::vector<ServerAddress>& servers, Ledger& ledger);

  void begin_call() override {}
  bool has_room() const noexcept override { return waiting_.size() + sent_.size() < window_; }
  /// Always succeeds.
  std::optional<Failure> push(OutgoingBatch& batch) override;
  /// Takes over batches that another exchange has taken and not sent.
  void take_over(std::deque<OutgoingBatch> batches) { waiting_ = std::move(batches); }
  void advance(CallClock& call) override;
  bool wait_for_room(CallClock& call) override;
  bool wait_until_idle(CallClock& call) override;
  std::optional<Failure> take_failure() override;
  /// A Consulta, which says so.
  std::optional<Failure> finish(std::optional<std::uint64_t> bets, CallClock& call) override;
  /// A Consulta. A connection that had been used and has ended meanwhile is replaced, for it may be
  /// sent twice.
  std::variant<std::optional<Winners>, Failure> ask(Clock::time_point until,
                                                    CallClock& call) override;
  bool holds_questions() const noexcept override { return false; }
  bool answered() const noexcept override { return answered_; }
  std::optional<std::size_t> packet_limit() const noexcept override { return std::nullopt; }
  std::vector<BatchResult> unsettled() const override { return {}; }

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

  // One of the servers.
  struct Server {
    ServerAddress address;
    Peer peer;
    NameResolver::Endpoints endpoints;  // none: to be resolved
  };

  bool idle() const noexcept { return waiting_.empty() && sent_.empty(); }
  const Peer& peer() const noexcept { return servers_[at_].peer; }
  std::variant<Answer, Failure> consult(CallClock& call);
  bool work_until(const std::function<bool()>& done, CallClock& call);
  bool send_next(CallClock& call);
  void send(Request request, std::string message);
  bool connect(CallClock& call);
  bool connect_to(Server& server, Clock::time_point deadline);
  void go_to_next_server() noexcept;
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
  std::vector<Server> servers_;
  std::size_t at_ = 0;  // the one whose turn it is
  NameResolver resolver_;

  std::unique_ptr<Connection> connection_;
  AnswerReader reader_;
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
