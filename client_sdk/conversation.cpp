#include "client_sdk/conversation.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <string_view>
#include <utility>

#include "core/store_error.hpp"

namespace sorteo::client {
namespace {

std::string describe_end(const boost::system::error_code& error) {
  return error == boost::asio::error::eof ? "the server closed the connection" : error.message();
}

std::string describe_unknown(const std::string& cause, const BetSpan& bets) {
  return cause + "; whether " + describe(bets) + (bets.count == 1 ? " is" : " are") +
         " stored is unknown";
}

// The refusals that do not promise that nothing was stored (docs/protocol.md, "Answers").
bool may_be_stored(std::string_view reason) {
  return reason == "INTERNAL" || reason == make_error_code(StoreError::kFailed).message();
}

std::string in_ms(std::chrono::milliseconds time) { return std::to_string(time.count()) + " ms"; }

}  // namespace

Conversation::Conversation(const Options& options, const std::vector<ServerAddress>& servers,
                           Ledger& ledger)
    : options_(options), ledger_(ledger), window_(std::max<std::size_t>(options.window, 1)) {
  for (const ServerAddress& address : servers) {
    servers_.push_back({address, Peer(address.host, address.port), {}});
  }
}

std::optional<Failure> Conversation::push(OutgoingBatch& batch) {
  waiting_.push_back(std::move(batch));
  return std::nullopt;
}

void Conversation::advance(CallClock& call) {
  do {
    if (connection_) {
      connection_->poll();
    }
    take_in(call);
  } while (send_next(call));
}

bool Conversation::wait_for_room(CallClock& call) {
  return work_until([this] { return has_room(); }, call);
}

bool Conversation::wait_until_idle(CallClock& call) {
  return work_until([this] { return idle(); }, call);
}

std::optional<Failure> Conversation::finish(std::optional<std::uint64_t> /*bets*/,
                                            CallClock& call) {
  auto asked = ask(call.deadline(), call);
  auto* const failure = std::get_if<Failure>(&asked);
  return failure != nullptr ? std::optional(std::move(*failure)) : std::nullopt;
}

std::variant<std::optional<Winners>, Failure> Conversation::ask(Clock::time_point /*until*/,
                                                                CallClock& call) {
  auto asked = consult(call);
  if (auto* const failure = std::get_if<Failure>(&asked)) {
    return std::move(*failure);
  }
  Answer& answer = std::get<Answer>(asked);
  switch (answer.kind) {
    case Answer::Kind::kWinners:
      return std::optional(std::move(answer.winners));
    case Answer::Kind::kRefused:
      return peer().failure(FailureKind::kRefused, Stage::kAnswer,
                            "the server refused the question for the winners: " + answer.reason);
    default:
      return std::optional<Winners>();
  }
}

std::variant<Answer, Failure> Conversation::consult(CallClock& call) {
  for (;;) {
    advance(call);
    if (failure_ || (!connection_ && !connect(call))) {
      return *take_failure();
    }
    const bool was_used = used_;
    consulta_.reset();
    send({Request::What::kConsulta, {}}, consulta_message(options_.agency));
    work_until([this] { return consulta_.has_value(); }, call);
    const auto* const failure = std::get_if<Failure>(&*consulta_);
    if (failure == nullptr || !was_used || failure->kind != FailureKind::kDisconnected) {
      return std::move(*consulta_);
    }
  }
}

std::optional<Failure> Conversation::take_failure() {
  interrupted_ = false;
  auto of_connection = std::exchange(failure_, std::nullopt);
  auto of_batches = ledger_.take_failure();
  return of_batches ? std::move(of_batches) : std::move(of_connection);
}

// Works until `done`, or until something interrupts: then it is false.
bool Conversation::work_until(const std::function<bool()>& done, CallClock& call) {
  failure_.reset();  // of an earlier attempt: this is the next one
  interrupted_ = false;
  for (;;) {
    advance(call);
    if (done() || interrupted_) {
      return !interrupted_;
    }
    // Something is on the wire, or advance() would have sent what waits.
    if (!connection_->run_one_until(call.next())) {
      time_over(call);
    }
  }
}

// Puts the next batch, or a probe, on the wire. False when nothing can be sent for now.
bool Conversation::send_next(CallClock& call) {
  if (waiting_.empty() || interrupted_ || (connection_ && connection_->writing())) {
    return false;
  }
  if (server_ != ServerKind::kKeepsOpen && !sent_.empty()) {
    return false;
  }
  if (!connection_ && !connect(call)) {
    return false;
  }
  if (server_ == ServerKind::kUntold && used_) {
    send({Request::What::kProbe, {}}, empty_batch_message(options_.agency));
    return true;
  }
  OutgoingBatch batch = std::move(waiting_.front());
  waiting_.pop_front();
  send({Request::What::kBatch, {batch.first_bet, batch.bets}},
       batch_bet_message(options_.agency, batch.packets));
  return true;
}

void Conversation::send(Request request, std::string message) {
  sent_.push_back(request);
  connection_->write(message);
}

// Connects to the server whose turn it is, or else to the others.
bool Conversation::connect(CallClock& call) {
  for (std::size_t tried = 0; tried < servers_.size(); ++tried) {
    const auto deadline = call.within(options_.connect_timeout);
    if (connect_to(servers_[at_], deadline)) {
      failure_.reset();
      interrupted_ = false;
      used_ = false;
      reader_ = AnswerReader();
      call.note_progress();
      return true;
    }
    go_to_next_server();
  }
  return false;
}

bool Conversation::connect_to(Server& server, Clock::time_point deadline) {
  if (server.endpoints.empty()) {
    auto found = resolver_.resolve(server.address.host, server.address.port, deadline);
    if (found.has_error()) {
      fail(found.error().timed_out ? FailureKind::kTimedOut : FailureKind::kDisconnected,
           Stage::kResolve, found.error().message);
      return false;
    }
    server.endpoints = std::move(*found);
  }
  auto opened = Connection::open(server.endpoints, deadline);
  if (opened.has_error()) {
    server.endpoints.clear();  // they may have changed
    fail(opened.error().timed_out ? FailureKind::kTimedOut : FailureKind::kDisconnected,
         Stage::kConnect, opened.error().message);
    return false;
  }
  connection_ = std::move(*opened);
  return true;
}

void Conversation::go_to_next_server() noexcept {
  if (servers_.size() > 1) {
    at_ = (at_ + 1) % servers_.size();
    server_ = ServerKind::kUntold;
  }
}

// Takes in the answers that have come, and the end of the connection.
void Conversation::take_in(CallClock& call) {
  while (connection_) {
    reader_.feed(as_bytes(connection_->take_received()));
    auto answer = reader_.next();
    if (answer.has_error()) {
      lose({FailureKind::kBadAnswer, Stage::kAnswer, answer.error().message});
    } else if (answer->has_value()) {
      settle(std::move(**answer), call);
    } else if (connection_->ended()) {
      lose({FailureKind::kDisconnected, stage_on_wire(), describe_end(connection_->ended())});
    } else {
      return;
    }
  }
}

void Conversation::settle(Answer answer, CallClock& call) {
  const bool to_batch =
      answer.kind == Answer::Kind::kStored || answer.kind == Answer::Kind::kRefused;
  const bool to_consulta = answer.kind != Answer::Kind::kStored;
  if (sent_.empty()) {
    lose({FailureKind::kBadAnswer, Stage::kAnswer, "an answer to no request"});
    return;
  }
  const Request request = sent_.front();
  const bool is_early = sent_.size() == 1 && connection_->writing();
  if (is_early && answer.kind != Answer::Kind::kRefused) {
    lose({FailureKind::kBadAnswer, Stage::kAnswer, "an answer before the request was sent"});
    return;
  }
  if (request.what == Request::What::kConsulta ? !to_consulta : !to_batch) {
    lose({FailureKind::kBadAnswer, Stage::kAnswer, "an answer of the wrong type"});
    return;
  }
  sent_.pop_front();
  call.note_progress();
  answered_ = true;
  if (server_ == ServerKind::kUntold && used_) {
    server_ = ServerKind::kKeepsOpen;  // two answers on one connection
  }
  used_ = true;
  if (server_ == ServerKind::kOneRequest || is_early) {
    connection_.reset();  // after a refusal that came early, the rest of the request is still due
  }
  if (request.what == Request::What::kConsulta) {
    consulta_ = std::move(answer);
  } else if (request.what == Request::What::kBatch) {
    settle_batch(request.bets, answer);
  }
}

void Conversation::settle_batch(const BetSpan& bets, const Answer& answer) {
  if (answer.kind == Answer::Kind::kStored) {
    ledger_.note(bets, Outcome::kStored);
    return;
  }
  if (may_be_stored(answer.reason)) {
    ledger_.keep(
        peer().failure(FailureKind::kOutcomeUnknown, Stage::kAnswer,
                       describe_unknown("the server answered ERROR " + answer.reason, bets)));
    ledger_.note(bets, Outcome::kUnknown, answer.reason);
    return;
  }
  ledger_.keep(peer().failure(FailureKind::kRefused, Stage::kAnswer,
                              "the server refused " + describe(bets) + ": " + answer.reason));
  ledger_.note(bets, Outcome::kRefused, answer.reason);
}

// The call has waited for as long as it may.
void Conversation::time_over(const CallClock& call) {
  const bool may_ask_again = !sent_.empty() && sent_.front().what == Request::What::kConsulta;
  if (Clock::now() >= call.give_up()) {
    lose({FailureKind::kTimedOut, stage_on_wire(),
          "no answer within " + in_ms(options_.answer_timeout)});
  } else if (may_ask_again) {
    lose({FailureKind::kTimedOut, stage_on_wire(), "no answer in the time of the call"});
  } else {
    fail(FailureKind::kTimedOut, stage_on_wire(),
         "the server answers, but has not answered everything in the time of the call");
  }
}

// Gives the connection up. What is on the wire will not be answered any more.
void Conversation::lose(const Loss& loss) {
  connection_.reset();
  const auto lost = std::exchange(sent_, {});
  if (server_ == ServerKind::kUntold && used_ && !lost.empty()) {
    server_ = ServerKind::kOneRequest;  // an answer, and then no other
  }
  if (lost.empty() || lost.front().what == Request::What::kProbe) {
    // Nothing of the agency's is lost. A connection that just ended is what servers in the field
    // do.
    if (loss.kind != FailureKind::kDisconnected) {
      fail(loss.kind, loss.stage, loss.cause);
    }
    return;
  }
  if (lost.front().what == Request::What::kConsulta) {
    consulta_ = peer().failure(loss.kind, loss.stage, loss.cause);
    return;
  }
  const BetSpan& first = lost.front().bets;
  const BetSpan& last = lost.back().bets;
  const BetSpan all{first.first, last.first + last.count - first.first};
  ledger_.keep(
      peer().failure(FailureKind::kOutcomeUnknown, loss.stage, describe_unknown(loss.cause, all)));
  interrupted_ = true;
  for (const Request& request : lost) {
    ledger_.note(request.bets, Outcome::kUnknown, loss.cause);
  }
}

void Conversation::fail(FailureKind kind, Stage stage, const std::string& cause) {
  failure_ = peer().failure(kind, stage, cause);
  interrupted_ = true;
}

Stage Conversation::stage_on_wire() const noexcept {
  return connection_ && connection_->writing() ? Stage::kSend : Stage::kAnswer;
}

}  // namespace sorteo::client
