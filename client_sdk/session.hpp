#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client_sdk/connection.hpp"
#include "client_sdk/exchange.hpp"
#include "client_sdk/ledger.hpp"
#include "client_sdk/name_resolver.hpp"
#include "client_sdk/peer.hpp"
#include "client_sdk/session_engine.hpp"

namespace sorteo::client {

/// The exchange in version 2 of the protocol: carries the bytes of a SessionEngine over TCP, and
/// waits as long as its call may.
class Session final : public Exchange {
 public:
  /// With `servers`, as many as `engine` says. `options`, `ledger` and `log`, which may be null,
  /// must outlive the session.
  Session(const Options& options, const std::vector<ServerAddress>& servers,
          const EngineOptions& engine, BatchLog* log, Ledger& ledger);

  void begin_call() override;
  /// An outbox takes nothing before a server has said how far its session is: an older state of it
  /// would otherwise fill up with numbers that stand for other bets there.
  bool has_room() const noexcept override {
    return engine_.has_room() && !engine_.is_broken() && (!has_log_ || engine_.was_welcomed());
  }
  /// Fails when the log does not take the batch.
  std::optional<Failure> push(OutgoingBatch& batch) override;
  void advance(CallClock& call) override;
  bool wait_for_room(CallClock& call) override;
  bool wait_until_idle(CallClock& call) override;
  std::optional<Failure> take_failure() override;
  /// kRefused when the server has another number of bets.
  std::optional<Failure> finish(std::optional<std::uint64_t> bets, CallClock& call) override;
  std::variant<std::optional<Winners>, Failure> ask(Clock::time_point until,
                                                    CallClock& call) override;
  bool holds_questions() const noexcept override { return true; }
  bool answered() const noexcept override { return engine_.was_welcomed(); }
  std::optional<std::size_t> packet_limit() const noexcept override;
  std::vector<BatchResult> unsettled() const override;

  /// The server that was found to speak version 1: then nothing more happens here.
  std::optional<std::size_t> version1_server() const noexcept { return engine_.version1_server(); }
  /// The batches it has been given, none of which was sent, for another exchange.
  std::deque<OutgoingBatch> take_unsent() { return engine_.take_unsent(); }

  /// How many bets of the log's earlier runs have turned out to be stored since.
  std::uint64_t recovered_since() const noexcept { return recovered_since_; }

 private:
  // One of the servers.
  struct Server {
    ServerAddress address;
    Peer peer;
    NameResolver::Endpoints endpoints;  // none: to be resolved
    NameResolver resolver;              // of its own: a lookup may go on while another is tried
  };

  bool work_until(const std::function<bool()>& done, CallClock& call);
  std::variant<QuestionAnswer, Failure> put(const Question& question, CallClock& call);
  void carry();
  void take_in(Clock::time_point now);
  bool connect_if_due(const CallClock& call);
  void connect(const CallClock& call);
  void wait_for_event(const CallClock& call);
  void deliver();
  bool stopped() const noexcept;
  bool is_roomy() const noexcept;
  void note_time_over();
  Failure local_failure(const std::string& cause) const;
  std::string what_waits() const;

  const Options& options_;
  Ledger& ledger_;
  const bool has_log_;
  std::vector<Server> servers_;
  SessionEngine engine_;
  std::unique_ptr<Connection> connection_;
  bool is_polled_ = false;          // and what has come is not taken in yet
  std::string output_;              // empty: its memory is for what is written next
  std::optional<Failure> failure_;  // of the call, beside that of the engine
  std::uint64_t recovered_since_ = 0;
};

}  // namespace sorteo::client
