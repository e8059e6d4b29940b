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

}  // namespace

BetSender::BetSender(AgencyConnection& connection, const DeliveryReport& report,
                     std::function<bool()> is_interrupted)
    : connection_(connection), report_(report), is_interrupted_(std::move(is_interrupted)) {}

std::optional<SendFailure> BetSender::send(BetReader& bets) {
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
    if (is_interrupted_()) {
      return settle({Cause::kInterrupted, "interrupted"});
    }
    if (const auto failure = submit(std::get<BetView>(item))) {
      const SendFailure sending{Cause::kConnection, failure->message};
      return leaves_answers_due(*failure) ? settle(sending) : sending;
    }
  }
  if (const auto failure = flush()) {
    const SendFailure sending{Cause::kConnection, failure->message};
    return leaves_answers_due(*failure) ? settle(sending) : sending;
  }
  return std::nullopt;
}

// A call ends at its deadline also when the server is slow but answers; then it is called again.
std::optional<Failure> BetSender::submit(const BetView& bet) {
  for (;;) {  // every turn has a batch answered, or is the last
    const std::uint64_t answered = report_.answered();
    auto failure = connection_.submit(bet);
    if (!failure || failure->kind != FailureKind::kTimedOut || report_.answered() == answered) {
      return failure;
    }
  }
}

std::optional<Failure> BetSender::flush() {
  for (;;) {  // every turn has a batch answered, or is the last
    const std::uint64_t answered = report_.answered();
    auto failure = connection_.flush();
    if (!failure || failure->kind != FailureKind::kTimedOut || report_.answered() == answered) {
      return failure;
    }
  }
}

// Waits for the answers that are still due, so that what is known is complete.
SendFailure BetSender::settle(SendFailure failure) {
  for (;;) {  // every turn has a batch answered, or is the last
    const std::uint64_t answered = report_.answered();
    const auto more = flush();
    if (!more || !leaves_answers_due(*more) || report_.answered() == answered) {
      return failure;
    }
  }
}

}  // namespace sorteo::cli
