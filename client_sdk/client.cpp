#include "client_sdk/client.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include "client_sdk/backoff.hpp"
#include "client_sdk/batcher.hpp"
#include "client_sdk/conversation.hpp"
#include "client_sdk/deadline.hpp"
#include "client_sdk/ledger.hpp"
#include "client_sdk/negotiated_exchange.hpp"
#include "client_sdk/outbox.hpp"
#include "client_sdk/peer.hpp"
#include "client_sdk/random_session.hpp"
#include "client_sdk/session.hpp"

namespace sorteo::client {
namespace {

std::uint64_t any_seed() {
  try {
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32) | device();
  } catch (const std::exception&) {  // no source of randomness: the clock will do to spread clients
    return static_cast<std::uint64_t>(Clock::now().time_since_epoch().count());
  }
}

EngineOptions engine_options(const Options& options, const SessionId& session,
                             std::size_t servers) {
  EngineOptions engine;
  engine.agency = options.agency;
  engine.session = session;
  engine.servers = servers;
  engine.window = options.window;
  engine.may_be_version1 = options.protocol == Protocol::kAuto;
  engine.hello_timeout = options.hello_timeout;
  engine.answer_timeout = options.answer_timeout;
  engine.first_retry = options.first_retry;
  engine.longest_retry = options.longest_retry;
  engine.seed = any_seed();
  return engine;
}

// So much is worth a call of the system.
constexpr std::size_t kTogetherBytes = 64 * 1024;

// What stands before the bets in the longest message that may carry them.
std::size_t header_bytes(const Options& options) noexcept {
  return options.protocol == Protocol::kVersion1 ? kBatchBetHeaderBytes
                                                 : kMessageHeaderBytes + v2::kOnceBatchHeaderBytes;
}

// So much of the patience is left to the server's answer that the draw has not been held.
Clock::duration time_for_the_answer(Clock::time_point limit) {
  constexpr Clock::duration kEnough = std::chrono::seconds(1);
  return std::clamp((limit - Clock::now()) / 4, Clock::duration::zero(), kEnough);
}

// Whether a server that has answered before may be expected back.
bool may_pass(const Failure& failure) {
  return failure.kind == FailureKind::kDisconnected || failure.kind == FailureKind::kTimedOut;
}

}  // namespace

struct Client::Impl {
  explicit Impl(Options given)
      : options(std::move(given)),
        peer(options.host, options.port),
        ledger(options.on_progress, options.on_batch),
        outbox(open_outbox()),
        recovered{outbox ? outbox->bets_taken() : 0, outbox ? outbox->settled_bets() : 0},
        batcher(header_bytes(options), options.max_batch_bets, options.max_batch_bytes,
                recovered.bets_taken),
        exchange(make_exchange()) {}

  // The outbox; null when there is to be none, or when it cannot be opened: see `unusable`.
  std::unique_ptr<Outbox> open_outbox() {
    if (!options.outbox) {
      return nullptr;
    }
    if (options.protocol == Protocol::kVersion1) {
      give_up("an outbox needs version 2 of the protocol");
      return nullptr;
    }
    OutboxOptions how = *options.outbox;
    how.agency = options.agency;
    try {
      auto opened = Outbox::open(how);
      if (opened.has_value()) {
        return std::move(*opened);
      }
      give_up(opened.error());
    } catch (const std::exception& no_random_numbers) {
      give_up(no_random_numbers.what());
    }
    return nullptr;
  }

  std::unique_ptr<Exchange> make_exchange() {
    std::vector<ServerAddress> servers{{options.host, options.port}};
    servers.insert(servers.end(), options.alternates.begin(), options.alternates.end());
    if (options.protocol == Protocol::kVersion1) {
      return std::make_unique<Conversation>(options, servers, ledger);
    }
    const EngineOptions engine = engine_options(options, new_session(), servers.size());
    if (options.protocol == Protocol::kAuto && !options.outbox) {
      return std::make_unique<NegotiatedExchange>(options, servers, engine, ledger);
    }
    auto made = std::make_unique<Session>(options, servers, engine, outbox.get(), ledger);
    if (outbox) {
      note_earlier_runs();
      session = made.get();
    }
    return made;
  }

  // The session of a client without an outbox.
  SessionId new_session() {
    try {
      return options.outbox ? SessionId() : random_session();
    } catch (const std::exception& no_random_numbers) {
      give_up(no_random_numbers.what());
      return {};
    }
  }

  void note_earlier_runs() {
    std::uint64_t refused = outbox->bets_taken() - outbox->settled_bets();
    for (const OutboxBatch& batch : outbox->unsettled()) {
      refused -= batch.bets;
    }
    ledger.note_earlier_runs(outbox->bets_taken(), outbox->settled_bets(), refused);
  }

  // Every call will say so.
  void give_up(std::string_view cause) {
    unusable = peer.failure(FailureKind::kOutbox, Stage::kLocal, cause);
  }

  // The clock of a call that begins now and may last until `limit`.
  CallClock begin_call(Clock::time_point limit = Clock::time_point::max()) {
    has_worked = true;
    exchange->begin_call();
    const auto connected = deadline_after(options.connect_timeout);
    const auto answered = deadline_after(options.answer_timeout, connected);
    return CallClock(std::min(answered, limit), options.answer_timeout);
  }

  // Whether a bet may be added with no word about what came before it.
  bool may_add() const noexcept { return !has_worked && !held_back; }

  // Adds a bet that may be bad, or may have to wait for what came before it.
  std::optional<Failure> add(const BetView& bet, Following following) {
    if (const auto bad = find_bad_field(bet)) {
      return peer.failure(FailureKind::kInvalidBet, Stage::kLocal,
                          "bet " + std::to_string(batcher.added() + 1) + ": " + describe(*bad));
    }
    if (has_worked) {
      if (auto failure = take_failure()) {
        return failure;
      }
    }
    if (held_back || !batcher.has_room_for(bet)) {
      call = begin_call();
      auto failure = hand_over(*call);
      if (!failure) {
        send_if_due(following);
        failure = take_failure();
      }
      if (failure) {
        return failure;
      }
    }
    batcher.add(bet);
    return std::nullopt;
  }

  // Bets have been added: hands the batch over if it is full and there is room. What fails here is
  // the failure of the next call, for its bets have been taken.
  void note_added(Following following) {
    ledger.note_submitted(batcher.added());
    if (!batcher.full() || !exchange->has_room()) {
      return;
    }
    if (unsent_bytes == 0) {
      call = begin_call();
    }
    if (!push()) {
      send_if_due(following);
    }
  }

  // Sends what has been handed over, unless more is to follow that can go with it.
  void send_if_due(Following following) {
    if (following == Following::kNone || unsent_bytes >= kTogetherBytes) {
      send();
    }
  }

  void send() {
    unsent_bytes = 0;
    if (call && Clock::now() < call->deadline()) {
      exchange->advance(*call);
    }
    call.reset();
  }

  // Hands the batch over that is being filled, waiting for room. What keeps it from that.
  std::optional<Failure> hand_over(CallClock& clock) {
    if (!exchange->has_room()) {
      unsent_bytes = 0;  // all is sent before there is waiting
      if (!exchange->wait_for_room(clock)) {
        return take_failure();
      }
    }
    return push();
  }

  // Hands the batch over that is being filled, for which there is room.
  std::optional<Failure> push() {
    if (!held_back) {
      held_back = batcher.take();
    }
    has_worked = true;
    const std::size_t bytes = held_back->packets.size();
    auto failure = exchange->push(*held_back);
    if (!failure) {
      unsent_bytes += bytes;
      batcher.reuse(std::move(held_back->packets));
      held_back.reset();
    }
    return failure;
  }

  std::optional<Failure> take_failure() {
    if (unusable) {
      return unusable;
    }
    if (const auto limit = exchange->packet_limit()) {
      batcher.limit_packets(*limit);
    }
    auto failure = exchange->take_failure();
    has_worked = failure.has_value();  // some failures stay
    return failure;
  }

  std::optional<Failure> flush(CallClock& clock) {
    while (held_back || !batcher.empty()) {
      if (auto failure = hand_over(clock)) {
        return failure;
      }
    }
    unsent_bytes = 0;
    exchange->wait_until_idle(clock);
    return take_failure();
  }

  // Flushes and asks for the winners; the server may hold the question until shortly before
  // `limit`. In an answer, no value means that the draw has not been held.
  std::variant<std::optional<Winners>, Failure> ask(Clock::time_point limit, bool may_be_held) {
    CallClock clock = begin_call(limit);
    if (auto failure = flush(clock)) {
      return std::move(*failure);
    }
    if (!may_be_held || !exchange->holds_questions()) {
      clock.note_progress();  // the question has its own time, within that of the call
      return exchange->ask(Clock::now(), clock);
    }
    CallClock until_limit(limit, options.answer_timeout);
    return exchange->ask(limit - time_for_the_answer(limit), until_limit);
  }

  const Options options;
  const Peer peer;
  Ledger ledger;
  std::optional<Failure> unusable;  // why nothing can be done
  const std::unique_ptr<Outbox> outbox;
  const Recovered recovered;  // when the outbox was opened
  Batcher batcher;
  std::optional<OutgoingBatch> held_back;  // the outbox did not take it
  std::size_t unsent_bytes = 0;            // handed over and not sent: they wait for more
  std::optional<CallClock> call;           // begun with the first of these
  bool has_worked = true;                  // the exchange, since it was asked what had failed
  const Session* session = nullptr;        // the exchange, when there is an outbox
  std::unique_ptr<Exchange> exchange;
};

Client::Client(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

std::optional<Failure> Client::submit(const BetView& bet) {
  // Most calls only add a bet to the batch.
  if (!impl_->may_add() || impl_->batcher.try_add(bet) != Batcher::Tried::kAdded) {
    if (auto failure = impl_->add(bet, Following::kNone)) {
      return failure;
    }
  }
  impl_->note_added(Following::kNone);
  return std::nullopt;
}

Submitted Client::submit_run(std::span<const BetView> bets, Following following) {
  Submitted submitted;
  while (submitted.taken < bets.size() && !submitted.failure) {
    const auto rest = bets.subspan(submitted.taken);
    std::size_t added = impl_->may_add() ? impl_->batcher.try_add_all(rest) : 0;
    if (added == 0) {
      submitted.failure = impl_->add(rest.front(), Following::kMore);
      added = submitted.failure ? 0 : 1;
    }
    if (added != 0) {
      impl_->note_added(Following::kMore);
    }
    submitted.taken += added;
  }
  if (impl_->unsent_bytes != 0 && (following == Following::kNone || submitted.failure)) {
    impl_->send();
  }
  return submitted;
}

std::optional<Failure> Client::flush() {
  CallClock call = impl_->begin_call();
  return impl_->flush(call);
}

std::optional<Failure> Client::finish(std::optional<std::uint64_t> total) {
  CallClock call = impl_->begin_call();
  if (auto failure = impl_->flush(call)) {
    return failure;
  }
  call.note_progress();
  return impl_->exchange->finish(total, call);
}

std::variant<std::optional<Winners>, Failure> Client::ask_winners() {
  return impl_->ask(Clock::time_point::max(), false);
}

std::variant<Winners, Failure> Client::wait_for_winners(std::chrono::milliseconds patience) {
  const auto deadline = deadline_after(patience);
  Backoff backoff(impl_->options.first_poll, impl_->options.longest_poll, any_seed());
  Failure not_held = impl_->peer.failure(
      FailureKind::kTimedOut, Stage::kAnswer,
      "the draw has not been held within " + std::to_string(patience.count()) + " ms");
  bool told_to_wait = false;
  for (;;) {
    const auto asked_at = Clock::now();
    auto asked = impl_->ask(deadline, true);
    auto* const failure = std::get_if<Failure>(&asked);
    if (failure != nullptr && !(may_pass(*failure) && impl_->exchange->answered())) {
      return std::move(*failure);
    }
    if (failure == nullptr) {
      if (auto& winners = std::get<std::optional<Winners>>(asked)) {
        return std::move(*winners);
      }
      told_to_wait = true;
    }
    const auto left =
        std::chrono::floor<std::chrono::milliseconds>(deadline - Clock::now()) - backoff.shortest();
    if (left <= std::chrono::milliseconds::zero()) {
      // That the patience ended in the middle of the last question tells less than the answers.
      const bool asked_to_the_end = failure == nullptr || failure->kind == FailureKind::kTimedOut;
      return told_to_wait && asked_to_the_end ? std::move(not_held) : std::move(*failure);
    }
    const auto pause = std::min(backoff.next(), left);
    // A server that has held the question has been waited for already.
    std::this_thread::sleep_until(
        (impl_->exchange->holds_questions() && failure == nullptr ? asked_at : Clock::now()) +
        pause);
  }
}

Recovered Client::recovered() const {
  Recovered recovered = impl_->recovered;
  recovered.bets_durable += impl_->session != nullptr ? impl_->session->recovered_since() : 0;
  return recovered;
}

std::vector<BatchResult> Client::unsettled() const { return impl_->exchange->unsettled(); }

const Progress& Client::progress() const noexcept { return impl_->ledger.progress(); }

}  // namespace sorteo::client
