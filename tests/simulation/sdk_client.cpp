#include "tests/simulation/sdk_client.hpp"

#include <algorithm>
#include <utility>

#include "core/bytes.hpp"

namespace sorteo::simulation {
namespace {

using namespace std::chrono_literals;

constexpr auto kConnectTimeout = 20ms;
constexpr auto kGoOnAfter = 30ms;  // the program, when the SDK has given up
constexpr auto kPatience = 150ms;  // of one question for the winners

SessionId new_session(Chance& chance) {
  SessionId session;
  store_u64(session.bytes.data(), chance.next());
  store_u64(session.bytes.data() + sizeof(std::uint64_t), chance.next());
  return session;
}

}  // namespace

SdkClient::SdkClient(const SdkClientOptions& options, const ClientSurroundings& surroundings,
                     Chance chance)
    : options_(options),
      surroundings_(surroundings),
      chance_(chance),
      real_server_(chance_.below(options.servers)) {
  if (options_.has_outbox) {
    log_ = std::make_unique<MemoryBatchLog>(new_session(chance_));
  }
}

SdkClient::~SdkClient() { drop_connection(); }

void SdkClient::start() {
  client::EngineOptions options;
  options.agency = options_.agency;
  options.session = session_ = log_ ? log_->session() : new_session(chance_);
  options.servers = options_.servers;
  options.window = options_.window;
  options.answer_timeout = 60ms;
  options.first_retry = 1ms;
  options.longest_retry = 16ms;
  options.may_be_version1 = log_ == nullptr;
  options.hello_timeout = 20ms;
  options.seed = chance_.next();
  settled_ = log_ ? log_->settled() : 0;
  engine_ = std::make_unique<client::SessionEngine>(options, log_.get());
  work();
}

std::string SdkClient::describe() const {
  return "client of agency " + std::to_string(options_.agency) + ": run " +
         std::to_string(runs_ + 1) + ", " + std::to_string(made_.size()) + " batches made, " +
         std::to_string(settled_) + " settled" + (is_finished_ ? ", finished" : "") +
         (is_done_ ? ", done" : "") +
         (engine_ && engine_->failure() ? ", " + engine_->failure()->cause : "");
}

void SdkClient::crash() {
  if (is_done_ || !engine_) {
    return;
  }
  surroundings_.transcript.note(
      [this] { return "crash of the client of agency " + std::to_string(options_.agency); });
  surroundings_.transcript.count(Tally::kClientCrash);
  ++runs_;
  drop_connection();
  engine_.reset();
  is_connecting_ = is_crashing_ = is_finished_ = is_asked_ = false;
  alarm_at_ = {};
  if (log_) {
    log_->crash(chance_);
  } else {
    // What it had sent may be stored or not: whoever runs it again sends it as new bets.
    sent_before_ += static_cast<std::uint32_t>(settled_);
    made_.clear();
    has_lost_count_ = true;
  }
  later(chance_.time_between(1ms, 20ms), &SdkClient::start);
}

// An event of this run of the program.
void SdkClient::later(Scheduler::Duration delay, void (SdkClient::*what)()) {
  surroundings_.network.scheduler().after(delay, [this, what, run = runs_] {
    if (run == runs_) {
      (this->*what)();
    }
  });
}

// Does what the engine's comment asks of its user, and what the program wants.
void SdkClient::work() {
  if (is_working_ || !engine_ || is_done_) {
    return;
  }
  is_working_ = true;
  engine_->on_time(now());
  if (engine_->failure()) {
    if (engine_->is_broken()) {
      surroundings_.model.contradict("the SDK says: " + engine_->failure()->cause);
    }
    const auto run = runs_;
    surroundings_.network.scheduler().after(kGoOnAfter, [this, run] {
      if (run == runs_ && engine_ && engine_->failure()) {
        engine_->go_on(now());
        work();
      }
    });
  }
  take_outcomes();
  if (engine_->version1_server()) {
    fall_back();
  } else {
    push_batches();
  }
  take_answer();
  ask_questions();
  is_working_ = false;
  if (is_crashing_) {
    crash();
    return;
  }
  carry();
}

// It takes the server for one of version 1, and may only do that before it has sent a batch.
// Whoever ran the program runs it again.
void SdkClient::fall_back() {
  if (surroundings_.model.was_asked(options_.agency, session_)) {
    surroundings_.model.contradict("the SDK would send in version 1 what it has sent in version 2");
  }
  is_crashing_ = true;
}

const BetMaker::Made& SdkClient::batch(std::uint64_t sequence) {
  while (made_.size() < sequence) {
    const BatchName name{options_.agency, session_, made_.size() + 1};
    made_.push_back(chance_.happens(options_.oversized, 100)
                        ? surroundings_.bets.make_oversized(name)
                        : surroundings_.bets.make_well_formed(name));
  }
  return made_[sequence - 1];
}

void SdkClient::push_batches() {
  while (pushed() + sent_before_ < options_.batches && engine_->has_room() && !is_crashing_) {
    std::uint64_t first_bet = 1;
    for (std::uint64_t sequence = 1; sequence <= pushed(); ++sequence) {
      first_bet += made_[sequence - 1].bets;
    }
    const BetMaker::Made& made = batch(pushed() + 1);
    client::OutgoingBatch outgoing{first_bet, made.bets, made.packets};
    if (const auto fault = engine_->push(outgoing)) {
      surroundings_.model.contradict("the outbox: " + *fault);
    }
    is_crashing_ = !is_calm_ && chance_.happens(options_.crashes, 1000);
  }
}

void SdkClient::take_outcomes() {
  while (const auto settled = engine_->take_settled()) {
    take_outcome(*settled);
  }
  if (const auto fault = engine_->take_log_fault()) {
    surroundings_.model.contradict("the outbox: " + *fault);
  }
}

// What the SDK tells is true.
void SdkClient::take_outcome(const client::Settled& settled) {
  Model& model = surroundings_.model;
  const BatchName name{options_.agency, session_, settled.sequence};
  const bool may_be_refused =
      options_.is_branch || batch(settled.sequence).packets.size() > BetMaker::kMostBytes;
  bool is_right = settled.sequence == ++settled_;
  if (settled.outcome == client::Outcome::kRefused) {
    is_right = is_right && may_be_refused;
    model.told_refused(name, batch(settled.sequence).packets);
  } else {
    is_right = is_right && settled.outcome != client::Outcome::kUnknown && model.is_promised(name);
    model.told_stored(name, batch(settled.sequence).packets);
  }
  if (!is_right) {
    model.contradict("the SDK of agency " + std::to_string(options_.agency) +
                     " tells of an outcome that the batch " + std::to_string(settled.sequence) +
                     " cannot have: " + settled.reason);
  }
}

void SdkClient::ask_questions() {
  if (is_asked_ || !engine_->idle() || pushed() + sent_before_ < options_.batches) {
    return;
  }
  if (options_.is_branch) {
    is_done_ = true;
    drop_connection();
    return;
  }
  is_asked_ = true;
  const bool has_lost_count = has_lost_count_ || !options_.counts_alone;
  if (is_finished_) {
    engine_->ask({client::Question::What::kWinners, 0, now() + kPatience});
    return;
  }
  if (has_lost_count && !engine_->was_welcomed()) {
    engine_->ask({client::Question::What::kWinners, 0, now()});  // to learn the server's count
    return;
  }
  engine_->ask({client::Question::What::kFinish,
                has_lost_count ? engine_->welcome().agency_bets : engine_->window().stored_bets(),
                {}});
}

void SdkClient::take_answer() {
  const auto answer = engine_->take_answer();
  if (!answer) {
    return;
  }
  is_asked_ = false;
  switch (answer->what) {
    case client::QuestionAnswer::What::kFinished:
      is_finished_ = true;
      break;
    case client::QuestionAnswer::What::kWinners:
      surroundings_.model.told_winners(options_.agency, answer->winners);
      is_done_ = true;
      drop_connection();
      break;
    case client::QuestionAnswer::What::kNotHeld:
      break;
    case client::QuestionAnswer::What::kRefused:
      if (!has_lost_count_ && options_.counts_alone) {
        surroundings_.model.contradict("the SDK counts wrong: " + answer->reason);
      }
      is_crashing_ = true;  // a new Welcome brings a new number
      break;
  }
}

// Brings the engine's bytes to the network.
void SdkClient::carry() {
  if (is_done_) {
    return;
  }
  if (connection_ && !engine_->is_linked()) {
    drop_connection();
  }
  if (connection_) {
    const std::string output = engine_->take_output(now());
    if (!output.empty()) {
      connection_->send(End::kClient, output);
    }
  }
  set_alarm();
}

void SdkClient::set_alarm() {
  auto next = engine_->next_time();
  if (const auto connect = engine_->connect_at(); connect && !connection_ && !is_connecting_) {
    if (*connect <= now()) {
      connect_now();
    } else {
      next = std::min(next, *connect);
    }
  }
  if (next == client::Clock::time_point::max() || (alarm_at_ > now() && alarm_at_ <= next)) {
    return;
  }
  alarm_at_ = next;
  // Whole microseconds, and not before the time.
  later(std::max(std::chrono::ceil<Scheduler::Duration>(next - now()), Scheduler::Duration(1)),
        &SdkClient::work);
}

void SdkClient::connect_now() {
  is_connecting_ = true;
  const std::uint64_t attempt = ++attempts_;
  const std::size_t address =
      (engine_->server() + options_.servers - real_server_) % options_.servers;
  const auto is_current = [this, attempt, run = runs_] {
    return run == runs_ && attempt == attempts_ && is_connecting_;
  };
  surroundings_.network.connect(address, [this, is_current](std::shared_ptr<Connection> opened) {
    if (!is_current()) {
      if (opened) {
        opened->reset(End::kClient);
      }
      return;
    }
    is_connecting_ = false;
    if (opened) {
      connection_ = std::move(opened);
      connection_->attach(End::kClient, this);
      engine_->on_connected(now());
    } else {
      engine_->on_connect_failed(client::FailureKind::kDisconnected, client::Stage::kConnect,
                                 "refused", now());
    }
    work();
  });
  surroundings_.network.scheduler().after(kConnectTimeout, [this, is_current] {
    if (is_current()) {
      is_connecting_ = false;
      engine_->on_connect_failed(client::FailureKind::kTimedOut, client::Stage::kConnect,
                                 "no answer", now());
      work();
    }
  });
}

void SdkClient::drop_connection() {
  if (connection_) {
    connection_->reset(End::kClient);
    connection_.reset();
  }
}

void SdkClient::received() {
  std::string bytes;
  bytes.swap(connection_->arrived(End::kClient));
  engine_->on_received(as_bytes(bytes), now());
  work();
}

void SdkClient::ended() {
  drop_connection();
  engine_->on_closed(client::Stage::kAnswer, "the server has closed", now());
  work();
}

void SdkClient::broken() {
  drop_connection();
  engine_->on_closed(client::Stage::kAnswer, "the connection is broken", now());
  work();
}

}  // namespace sorteo::simulation
