#include "client_sdk/ledger.hpp"

#include <utility>

namespace sorteo::client {
namespace {

std::uint64_t& count_of(Progress& progress, Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::kStored:
      return progress.bets_stored;
    case Outcome::kDuplicate:
      return progress.bets_duplicate;
    case Outcome::kRefused:
      return progress.bets_refused;
    case Outcome::kUnknown:
      break;
  }
  return progress.bets_unknown;
}

}  // namespace

std::string describe(const BetSpan& bets) {
  const std::string first = std::to_string(bets.first);
  return bets.count == 1 ? "bet " + first
                         : "bets " + first + " to " + std::to_string(bets.first + bets.count - 1);
}

Ledger::Ledger(std::function<void(const Progress&)> on_progress,
               std::function<void(const BatchResult&)> on_batch)
    : on_progress_(std::move(on_progress)), on_batch_(std::move(on_batch)) {}

void Ledger::note(const BetSpan& bets, Outcome outcome, std::string reason) {
  count_of(progress_, outcome) += bets.count;
  if (on_batch_) {
    on_batch_({bets.first, bets.count, outcome, std::move(reason)});
  }
  if (on_progress_) {
    on_progress_(progress_);
  }
}

void Ledger::keep(Failure failure) {
  if (!gravest_) {
    gravest_ = std::move(failure);
    return;
  }
  ++others_;
  if (failure.kind == FailureKind::kOutcomeUnknown &&
      gravest_->kind != FailureKind::kOutcomeUnknown) {
    gravest_ = std::move(failure);
  }
}

std::optional<Failure> Ledger::take_failure() {
  std::optional<Failure> failure = std::exchange(gravest_, std::nullopt);
  const std::size_t others = std::exchange(others_, 0);
  if (failure && others != 0) {
    failure->message +=
        " (and " + std::to_string(others) + (others == 1 ? " more failure)" : " more failures)");
  }
  return failure;
}

}  // namespace sorteo::client
