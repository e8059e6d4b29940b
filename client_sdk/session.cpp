#include "client_sdk/session.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <thread>
#include <utility>

#include "core/message.hpp"
#include "core/version2.hpp"

namespace sorteo::client {
namespace {

// A full window is filled again when this part of it is free, and the answers to this part of what
// is in flight are waited for together: to wake up for each receipt costs more than the batch.
constexpr std::size_t kShareOfWindow = 4;

// And so long: a sender may hold small answers back until the first of them has been taken in.
constexpr auto kGatheringTime = std::chrono::milliseconds(2);

std::string describe_end(const boost::system::error_code& error) {
  return error == boost::asio::error::eof ? "the server closed the connection" : error.message();
}

}  // namespace

Session::Session(const Options& options, const std::vector<ServerAddress>& servers,
                 const EngineOptions& engine, BatchLog* log, Ledger& ledger)
    : options_(options), ledger_(ledger), has_log_(log != nullptr), engine_(engine, log) {
  for (const ServerAddress& address : servers) {
    servers_.push_back({address, Peer(address.host, address.port), {}, {}});
  }
  deliver();
}

void Session::begin_call() {
  failure_.reset();
  if (connection_) {
    connection_->poll();  // what has come meanwhile counts before the silence does
    is_polled_ = true;
  }
  engine_.go_on(Clock::now());
}

std::optional<Failure> Session::push(OutgoingBatch& batch) {
  if (const auto fault = engine_.push(batch)) {
    return local_failure(*fault);
  }
  deliver();
  return std::nullopt;
}

void Session::advance(CallClock& call) {
  carry();
  if (connect_if_due(call)) {
    carry();
  }
}

bool Session::wait_for_room(CallClock& call) {
  const auto is_enough = [&] {
    return has_room() && (is_roomy() || stopped() || Clock::now() >= call.deadline());
  };
  return work_until(is_enough, call);
}

// Whether there is room for several batches, in a window that has it.
bool Session::is_roomy() const noexcept {
  return engine_.window().size() <= options_.window - options_.window / kShareOfWindow;
}

bool Session::wait_until_idle(CallClock& call) {
  return work_until([this] { return engine_.idle(); }, call);
}

std::optional<Failure> Session::take_failure() {
  auto of_batches = ledger_.take_failure();
  auto of_call = std::exchange(failure_, std::nullopt);
  if (const auto& of_engine = engine_.failure()) {
    of_call = servers_[of_engine->server].peer.failure(of_engine->kind, of_engine->stage,
                                                       of_engine->cause + what_waits());
    engine_.go_on(Clock::now());
  }
  return of_batches ? std::move(of_batches) : std::move(of_call);
}

std::optional<Failure> Session::finish(std::optional<std::uint64_t> bets, CallClock& call) {
  Question question;
  question.what = Question::What::kFinish;
  question.bets = bets.value_or(engine_.window().stored_bets());
  auto answer = put(question, call);
  if (auto* const failure = std::get_if<Failure>(&answer)) {
    return std::move(*failure);
  }
  const auto& said = std::get<QuestionAnswer>(answer);
  if (said.what == QuestionAnswer::What::kRefused) {
    return servers_[engine_.server()].peer.failure(
        FailureKind::kRefused, Stage::kAnswer,
        "the server refused that the agency has finished: " + said.reason);
  }
  return std::nullopt;
}

std::variant<std::optional<Winners>, Failure> Session::ask(Clock::time_point until,
                                                           CallClock& call) {
  Question question;
  question.what = Question::What::kWinners;
  question.until = until;
  auto answer = put(question, call);
  if (auto* const failure = std::get_if<Failure>(&answer)) {
    return std::move(*failure);
  }
  auto& said = std::get<QuestionAnswer>(answer);
  switch (said.what) {
    case QuestionAnswer::What::kWinners:
      return std::optional(std::move(said.winners));
    case QuestionAnswer::What::kRefused:
      return servers_[engine_.server()].peer.failure(
          FailureKind::kRefused, Stage::kAnswer,
          "the server refused the question for the winners: " + said.reason);
    default:
      return std::optional<Winners>();
  }
}

std::variant<QuestionAnswer, Failure> Session::put(const Question& question, CallClock& call) {
  engine_.ask(question);
  std::optional<QuestionAnswer> answer;
  work_until([&] { return (answer = engine_.take_answer()).has_value(); }, call);
  if (answer) {
    return std::move(*answer);
  }
  engine_.cancel_question(Clock::now());
  carry();
  auto failure = take_failure();
  return failure ? std::move(*failure) : local_failure("the server speaks version 1");
}

// Works until `done`, or until something stops it: then it is false.
bool Session::work_until(const std::function<bool()>& done, CallClock& call) {
  for (;;) {
    carry();
    if (done()) {
      return true;
    }
    if (stopped()) {
      return false;
    }
    if (Clock::now() >= call.deadline()) {
      note_time_over();
      return false;
    }
    if (!connect_if_due(call)) {
      wait_for_event(call);
    }
  }
}

bool Session::stopped() const noexcept {
  return failure_ || engine_.failure() || engine_.version1_server();
}

// Takes in what has come, sends what can be sent, and tells the outcomes.
void Session::carry() {
  const auto now = Clock::now();
  if (connection_) {
    take_in(now);
  }
  while (connection_ && !connection_->writing()) {
    engine_.take_output(output_, now);
    if (output_.empty()) {
      break;
    }
    connection_->write(output_);
  }
  deliver();
}

void Session::take_in(Clock::time_point now) {
  if (!std::exchange(is_polled_, false)) {
    connection_->poll();
  }
  engine_.on_received(as_bytes(connection_->take_received()), now);
  if (connection_->ended()) {
    engine_.on_closed(connection_->writing() ? Stage::kSend : Stage::kAnswer,
                      describe_end(connection_->ended()), now);
  }
  engine_.on_time(now);
  if (!engine_.is_linked()) {
    connection_.reset();
  }
}

void Session::deliver() {
  while (auto settled = engine_.take_settled()) {
    if (settled->outcome == Outcome::kRefused) {
      ledger_.keep(servers_[engine_.server()].peer.failure(
          FailureKind::kRefused, Stage::kAnswer,
          "the server refused " + describe(settled->bets) + ": " + settled->reason));
    } else if (settled->is_of_earlier_run) {
      recovered_since_ += settled->bets.count;
    }
    ledger_.note_unknown(engine_.window().uncertain_bets());
    ledger_.note(settled->bets, settled->outcome, std::move(settled->reason));
  }
  ledger_.note_unknown(engine_.window().uncertain_bets());
  if (const auto fault = engine_.take_log_fault()) {
    failure_ = local_failure(*fault);
  }
}

// Whether it has tried to.
bool Session::connect_if_due(const CallClock& call) {
  const auto at = engine_.connect_at();
  const bool is_due = at && *at <= Clock::now() && !stopped();
  if (is_due) {
    connect(call);
  }
  return is_due;
}

void Session::connect(const CallClock& call) {
  connection_.reset();
  Server& server = servers_[engine_.server()];
  const auto deadline = call.within(options_.connect_timeout);
  if (server.endpoints.empty()) {
    auto found = server.resolver.resolve(server.address.host, server.address.port, deadline);
    if (found.has_error()) {
      engine_.on_connect_failed(
          found.error().timed_out ? FailureKind::kTimedOut : FailureKind::kDisconnected,
          Stage::kResolve, found.error().message, Clock::now());
      return;
    }
    server.endpoints = std::move(*found);
  }
  auto opened = Connection::open(server.endpoints, deadline);
  if (opened.has_error()) {
    server.endpoints.clear();  // they may have changed
    engine_.on_connect_failed(
        opened.error().timed_out ? FailureKind::kTimedOut : FailureKind::kDisconnected,
        Stage::kConnect, opened.error().message, Clock::now());
    return;
  }
  connection_ = std::move(*opened);
  is_polled_ = false;
  engine_.on_connected(Clock::now());
}

// Waits for whatever comes first: bytes, the engine's time, the next attempt, the end of the call.
void Session::wait_for_event(const CallClock& call) {
  const auto until = std::min(call.deadline(), engine_.next_time());
  if (connection_) {
    connection_->expect(engine_.in_flight() / kShareOfWindow *
                        (kMessageHeaderBytes + v2::kReceiptBytes));
    is_polled_ = connection_->run_one_until(std::min(until, Clock::now() + kGatheringTime));
    if (!is_polled_) {
      connection_->expect(1);
      is_polled_ = connection_->run_one_until(until);
    }
  } else if (const auto at = engine_.connect_at()) {
    std::this_thread::sleep_until(std::min(until, *at));
  }
}

// A call that ends does not end what it began: the next one goes on.
void Session::note_time_over() {
  failure_ = servers_[engine_.server()].peer.failure(
      FailureKind::kTimedOut, engine_.is_linked() ? Stage::kAnswer : Stage::kConnect,
      "not everything was answered in the time of the call" + what_waits());
}

Failure Session::local_failure(const std::string& cause) const {
  return servers_[engine_.server()].peer.failure(FailureKind::kOutbox, Stage::kLocal, cause);
}

std::string Session::what_waits() const {
  const std::size_t batches = engine_.window().size();
  if (batches == 0) {
    return {};
  }
  return "; " + std::to_string(batches) + (batches == 1 ? " batch waits" : " batches wait") +
         " in the client to be sent again";
}

std::optional<std::size_t> Session::packet_limit() const noexcept {
  const v2::Welcome& welcome = engine_.welcome();
  std::optional<std::size_t> limit;
  if (welcome.max_batch_bytes != 0) {
    limit = welcome.max_batch_bytes;
  }
  if (welcome.max_frame_bytes > v2::kOnceBatchHeaderBytes) {
    const std::size_t in_frame = welcome.max_frame_bytes - v2::kOnceBatchHeaderBytes;
    limit = std::min(limit.value_or(in_frame), in_frame);
  }
  return limit;
}

std::vector<BatchResult> Session::unsettled() const {
  std::vector<BatchResult> batches = engine_.window().sent();
  for (BatchResult& batch : batches) {
    batch.reason = "sent under session " + to_hex(engine_.session()) +
                   ", no answer yet; sent again under the same number by this client, or from its "
                   "outbox, it is answered stored or duplicate";
  }
  return batches;
}

}  // namespace sorteo::client
