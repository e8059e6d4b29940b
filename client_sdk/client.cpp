#include "client_sdk/client.hpp"

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
#include "client_sdk/peer.hpp"

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
        batcher(options.agency, options.max_batch_bets, options.max_batch_bytes),
        conversation(options, ledger) {}

  // The clock of a call that begins now and may last until `limit`.
  CallClock begin_call(Clock::time_point limit = Clock::time_point::max()) const {
    const auto connected = deadline_after(options.connect_timeout);
    const auto answered = deadline_after(options.answer_timeout, connected);
    return CallClock(std::min(answered, limit), options.answer_timeout);
  }

  // Hands the batch over that is being filled, waiting for room. False when there was none.
  bool hand_over(CallClock& call) {
    if (!conversation.has_room() && !conversation.wait_for_room(call)) {
      return false;
    }
    conversation.push(batcher.take());
    return true;
  }

  std::optional<Failure> flush(CallClock& call) {
    if (batcher.empty() || hand_over(call)) {
      conversation.wait_until_idle(call);
    }
    return conversation.take_failure();
  }

  // Flushes and asks for the winners. In an answer, no value means that the draw has not been held.
  std::variant<std::optional<Winners>, Failure> ask(Clock::time_point limit) {
    CallClock call = begin_call(limit);
    if (auto failure = flush(call)) {
      return std::move(*failure);
    }
    call.note_progress();  // the question has its own time, within that of the call
    auto asked = conversation.ask(call);
    if (auto* const failure = std::get_if<Failure>(&asked)) {
      return std::move(*failure);
    }
    Answer& answer = std::get<Answer>(asked);
    switch (answer.kind) {
      case Answer::Kind::kWinners:
        return std::optional(std::move(answer.winners));
      case Answer::Kind::kRefused:
        return peer.failure(FailureKind::kRefused, Stage::kAnswer,
                            "the server refused the question for the winners: " + answer.reason);
      default:
        return std::optional<Winners>();
    }
  }

  const Options options;
  const Peer peer;
  Ledger ledger;
  Batcher batcher;
  Conversation conversation;
};

Client::Client(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

std::optional<Failure> Client::submit(const BetView& bet) {
  Batcher& batcher = impl_->batcher;
  Conversation& conversation = impl_->conversation;
  if (const auto bad = find_bad_field(bet)) {
    return impl_->peer.failure(
        FailureKind::kInvalidBet, Stage::kLocal,
        "bet " + std::to_string(batcher.added() + 1) + ": " + describe(*bad));
  }
  if (auto failure = conversation.take_failure()) {
    return failure;
  }
  std::optional<CallClock> call;  // one for the whole call; most calls need none
  if (!batcher.has_room_for(bet)) {
    call = impl_->begin_call();
    if (impl_->hand_over(*call)) {
      conversation.advance(*call);
    }
    if (auto failure = conversation.take_failure()) {
      return failure;
    }
  }
  batcher.add(bet);
  impl_->ledger.note_submitted(batcher.added());
  if (batcher.full() && conversation.has_room()) {
    if (!call) {
      call = impl_->begin_call();
    }
    conversation.push(batcher.take());
    if (Clock::now() < call->deadline()) {
      conversation.advance(*call);  // what fails here is the failure of the next call
    }
  }
  return std::nullopt;
}

std::optional<Failure> Client::flush() {
  CallClock call = impl_->begin_call();
  return impl_->flush(call);
}

std::optional<Failure> Client::finish() {
  auto asked = ask_winners();
  if (auto* const failure = std::get_if<Failure>(&asked)) {
    return std::move(*failure);
  }
  return std::nullopt;
}

std::variant<std::optional<Winners>, Failure> Client::ask_winners() {
  return impl_->ask(Clock::time_point::max());
}

std::variant<Winners, Failure> Client::wait_for_winners(std::chrono::milliseconds patience) {
  const auto deadline = deadline_after(patience);
  Backoff backoff(impl_->options.first_poll, impl_->options.longest_poll, any_seed());
  Failure not_held = impl_->peer.failure(
      FailureKind::kTimedOut, Stage::kAnswer,
      "the draw has not been held within " + std::to_string(patience.count()) + " ms");
  bool told_to_wait = false;
  for (;;) {
    auto asked = impl_->ask(deadline);
    auto* const failure = std::get_if<Failure>(&asked);
    if (failure != nullptr && !(may_pass(*failure) && impl_->conversation.answered())) {
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
    std::this_thread::sleep_for(std::min(backoff.next(), left));
  }
}

const Progress& Client::progress() const noexcept { return impl_->ledger.progress(); }

}  // namespace sorteo::client
