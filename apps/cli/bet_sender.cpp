#include "apps/cli/bet_sender.hpp"

#include <utility>

namespace sorteo::cli {
namespace {

using client::Failure;
using client::FailureKind;
using Cause = SendFailure::Cause;

// Whether other batches may still be answered on the same connection.
bool leaves_answers_due(const Failure& failure) {
  return failure.kind == FailureKind::kRefused || failure.kind == FailureKind::kInvalidBet;
}

// Whether batches may be on the wire when a call has timed out so.
bool may_be_on_the_wire(const Failure& failure) {
  return failure.stage == client::Stage::kSend || failure.stage == client::Stage::kAnswer;
}

}  // namespace

BetSender::BetSender(AgencyConnection& connection, const DeliveryReport& report,
                     std::function<bool()> is_interrupted)
    : connection_(connection), report_(report), is_interrupted_(std::move(is_interrupted)) {}

std::optional<SendFailure> BetSender::settle_earlier() {
  if (const auto failure = patiently([this] { return connection_.flush(); })) {
    return give_up(*failure);
  }
  return std::nullopt;
}

std::optional<SendFailure> BetSender::send(BetReader& bets, std::uint64_t taken) {
  std::uint64_t passed = 0;
  for (;;) {  // a bet a turn
    const BetItem item = bets.next();
    if (std::holds_alternative<CsvEnd>(item)) {
      break;
    }
    if (const auto* error = std::get_if<InputError>(&item)) {
      return settle({Cause::kInput, error->message});
    }
    if (const auto* bad = std::get_if<BadLine>(&item)) {
      return settle({Cause::kInput, "line " + std::to_string(bad->line) +
                                        " has changed since it was checked: " + bad->message});
    }
    if (passed < taken) {
      ++passed;
      continue;
    }
    if (is_interrupted_()) {
      return settle({Cause::kInterrupted, "interrupted"});
    }
    const auto& bet = std::get<BetView>(item);
    if (const auto failure = patiently([&] { return connection_.submit(bet); })) {
      return give_up(*failure);
    }
  }
  if (const auto failure = patiently([this] { return connection_.flush(); })) {
    return give_up(*failure);
  }
  return std::nullopt;
}

// A call ends at its deadline also when the server is slow but answers; then it is called again.
// Without a new answer that is done once more only, which tells what became of batches on the wire:
// the client gives a connection up when a whole call passes without any answer.
std::optional<Failure> BetSender::patiently(const Call& call) {
  bool is_last_try = false;
  for (;;) {  // every turn has a batch answered, or is the last but one
    const std::uint64_t answered = report_.answered();
    auto failure = call();
    const bool made_progress = report_.answered() != answered;
    if (!failure || failure->kind != FailureKind::kTimedOut ||
        (!made_progress && (is_last_try || !may_be_on_the_wire(*failure)))) {
      return failure;
    }
    is_last_try = !made_progress;
  }
}

SendFailure BetSender::give_up(const Failure& failure) {
  SendFailure sending{Cause::kConnection, failure.message};
  if (failure.kind == FailureKind::kOutbox) {
    sending.cause = Cause::kOutbox;
  } else if (failure.kind == FailureKind::kRefused) {
    sending.cause = Cause::kRefused;
  }
  return leaves_answers_due(failure) ? settle(sending) : sending;
}

// Waits for the answers that are still due, so that what is known is complete.
SendFailure BetSender::settle(SendFailure failure) {
  for (;;) {  // every turn has a batch answered, or is the last
    const std::uint64_t answered = report_.answered();
    const auto more = patiently([this] { return connection_.flush(); });
    if (!more || !leaves_answers_due(*more) || report_.answered() == answered) {
      return failure;
    }
  }
}

}  // namespace sorteo::cli
