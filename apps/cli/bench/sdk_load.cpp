#include "apps/cli/bench/sdk_load.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "apps/cli/winners_output.hpp"
#include "core/batch.hpp"
#include "core/message.hpp"
#include "core/version2.hpp"

namespace sorteo::cli {
namespace {

constexpr std::size_t kHeaderBytes = kMessageHeaderBytes + v2::kOnceBatchHeaderBytes;
constexpr std::chrono::milliseconds kLongestWait{50};  // so that the word to stop is heard in time

}  // namespace

SdkLoad::SdkLoad(const SdkLoadOptions& options, std::span<const BetView> bets)
    : options_(options), bets_(bets), began_(options.client.window + 2) {
  for (std::size_t at = 0; at < bets.size(); at += options.batch_bets) {
    std::uint64_t bytes = kHeaderBytes;
    for (const BetView& bet : bets.subspan(at, options.batch_bets)) {
      bytes += packet_size(bet);
    }
    batch_bytes_.push_back(bytes);
  }
}

void SdkLoad::run(RunControl& control) {
  client::Options how = options_.client;
  how.on_batch = [this, &control](const client::BatchResult& batch) { count(control, batch); };
  client::Client client(std::move(how));
  submit_until_over(control, client);
  if (!result_.failure) {
    succeeded(client.flush());
  }
  count_unsent(control);
  if (result_.failure) {
    control.stop();
  }
  result_.acknowledged[options_.client.agency] = tally_.counts().bets;
  result_.begun_bets = begun_ * options_.batch_bets;
}

void SdkLoad::submit_until_over(RunControl& control, client::Client& client) {
  while (!result_.failure && wait_until_due(control, client)) {
    const RunControl::Time now = control.now();
    RunControl::Time& began = began_[begun_ % began_.size()];
    began = now;
    if (options_.schedule != nullptr) {
      began = options_.schedule->due(options_.number, begun_);
      result_.late = std::max(result_.late, now - began);
    }
    const std::size_t first = place_of(begun_) * options_.batch_bets;
    ++begun_;
    const auto submitted = client.submit_all(bets_.subspan(first, options_.batch_bets));
    succeeded(submitted.failure);
  }
}

// False when the run is over. A client works only while it is called, so that answers would wait if
// this slept while some are due.
bool SdkLoad::wait_until_due(RunControl& control, client::Client& client) {
  RunControl::Time now = control.now();
  if (options_.schedule != nullptr) {
    const RunControl::Time due = options_.schedule->due(options_.number, begun_);
    if (now < due && !succeeded(client.flush())) {
      return false;
    }
    for (now = control.now(); now < due && !control.is_over(now); now = control.now()) {
      std::this_thread::sleep_for(std::min<RunControl::Time>(due - now, kLongestWait));
    }
  }
  return !control.is_over(now);
}

void SdkLoad::count(const RunControl& control, const client::BatchResult& batch) {
  if (batch.outcome != client::Outcome::kStored) {
    if (!result_.failure) {
      const bool is_refused = batch.outcome == client::Outcome::kRefused;
      result_.failure = BenchFailure{
          is_refused ? ExitCode::kRefused : ExitCode::kOutcomeUnknown,
          "agency " + std::to_string(options_.client.agency) + ": a batch was " +
              (is_refused ? "refused: " : "not acknowledged when it was sent first: ") +
              batch.reason};
    }
    return;
  }
  const std::uint64_t number = (batch.first_bet - 1) / options_.batch_bets;
  const RunControl::Time began = began_[number % began_.size()];
  if (began >= control.measure_from()) {
    result_.latencies.record(control.now() - began);
  }
  tally_.add({1, batch.bets, batch_bytes_[place_of(number)]});
}

// Where in bets_ the batch stands. The connections of an agency do not send the same bets at the
// same time.
std::size_t SdkLoad::place_of(std::uint64_t batch) const noexcept {
  return (options_.number * 31 + batch) % batch_bytes_.size();
}

bool SdkLoad::succeeded(const std::optional<client::Failure>& failure) {
  if (failure && !result_.failure) {
    result_.failure =
        BenchFailure{exit_code_of(*failure),
                     "agency " + std::to_string(options_.client.agency) + ": " + failure->message};
  }
  return !failure;
}

void SdkLoad::count_unsent(const RunControl& control) {
  if (options_.schedule == nullptr) {
    return;
  }
  const RunControl::Time end = std::min(control.now(), control.end());
  for (std::uint64_t batch = begun_;; ++batch) {  // until the first that was not due yet
    const RunControl::Time due = options_.schedule->due(options_.number, batch);
    if (due >= end) {
      break;
    }
    if (due >= control.measure_from()) {
      result_.latencies.record(end - due);
    }
    result_.late = std::max(result_.late, end - due);
    ++result_.unsent;
  }
}

}  // namespace sorteo::cli
