#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "apps/cli/agency_connection.hpp"

namespace sorteo::test {

/// A server at the other end of a fake connection, as the test scripts it.
struct FakeAgency {
  /// What becomes of the batch with this number, from 1; the others are stored.
  std::map<std::uint64_t, client::Outcome> outcomes;
  /// What submit() returns before it does anything, one a call.
  std::deque<std::optional<client::Failure>> before_submit;
  /// One batch is answered in a call at most; then the call's deadline has passed.
  bool is_slow = false;
  std::optional<client::Failure> on_finish;
  std::vector<client::BatchResult> unsettled;
  std::variant<std::optional<client::Winners>, client::Failure> on_ask = std::nullopt;
  std::variant<client::Winners, client::Failure> on_wait = client::Winners{};

  // What it has seen.
  client::Options options;
  std::vector<Bet> bets;
  std::vector<std::string> calls;      ///< but submit()
  std::optional<std::uint64_t> total;  ///< that finish() was told
  std::chrono::milliseconds patience{0};
};

/// Batches and answers as client::Client does: batches wait in the window until a call has to wait
/// for their answers, and an unknown one takes all that are in the window with it.
class FakeConnection final : public cli::AgencyConnection {
 public:
  explicit FakeConnection(FakeAgency& agency) : agency_(agency) {}

  std::optional<client::Failure> submit(const BetView& bet) override {
    if (!agency_.before_submit.empty()) {
      auto failure = agency_.before_submit.front();
      agency_.before_submit.pop_front();
      if (failure) {
        return failure;
      }
    }
    if (filling_ == agency_.options.max_batch_bets) {
      if (auto failure = send_batch()) {
        return failure;
      }
    }
    agency_.bets.push_back({std::string(bet.first_name), std::string(bet.last_name),
                            std::string(bet.document), std::string(bet.birthdate),
                            std::string(bet.number)});
    ++filling_;
    return std::nullopt;
  }

  std::optional<client::Failure> flush() override {
    agency_.calls.emplace_back("flush");
    if (filling_ > 0) {
      window_.push_back(take_batch());
    }
    return answer_down_to(0);
  }

  std::optional<client::Failure> finish(std::optional<std::uint64_t> total) override {
    agency_.calls.emplace_back("finish");
    agency_.total = total;
    return agency_.on_finish;
  }

  std::variant<std::optional<client::Winners>, client::Failure> ask_winners() override {
    agency_.calls.emplace_back("ask");
    return agency_.on_ask;
  }

  std::variant<client::Winners, client::Failure> wait_for_winners(
      std::chrono::milliseconds patience) override {
    agency_.calls.emplace_back("wait");
    agency_.patience = patience;
    return agency_.on_wait;
  }

  std::vector<client::BatchResult> unsettled() const override { return agency_.unsettled; }

 private:
  client::BatchResult take_batch() {
    client::BatchResult batch{next_bet_, filling_, client::Outcome::kStored, {}};
    next_bet_ += std::exchange(filling_, 0);
    if (const auto found = agency_.outcomes.find(++batches_); found != agency_.outcomes.end()) {
      batch.outcome = found->second;
    }
    return batch;
  }

  std::optional<client::Failure> send_batch() {
    if (auto failure = answer_down_to(agency_.options.window - 1)) {
      return failure;
    }
    window_.push_back(take_batch());
    return std::nullopt;
  }

  std::optional<client::Failure> answer_down_to(std::size_t left) {
    while (window_.size() > left) {
      client::BatchResult batch = window_.front();
      if (batch.outcome == client::Outcome::kUnknown) {
        lose_window();
        return client::Failure{client::FailureKind::kOutcomeUnknown, client::Stage::kAnswer,
                               "fake:1: answer: connection reset"};
      }
      window_.pop_front();
      batch.reason = batch.outcome == client::Outcome::kRefused ? "the draw has been held" : "";
      agency_.options.on_batch(batch);
      if (batch.outcome == client::Outcome::kRefused) {
        return client::Failure{client::FailureKind::kRefused, client::Stage::kAnswer,
                               "fake:1: answer: the draw has been held"};
      }
      if (agency_.is_slow) {
        return client::Failure{client::FailureKind::kTimedOut, client::Stage::kAnswer,
                               "fake:1: answer: late"};
      }
    }
    return std::nullopt;
  }

  void lose_window() {
    for (client::BatchResult& batch : window_) {
      batch.outcome = client::Outcome::kUnknown;
      agency_.options.on_batch(batch);
    }
    window_.clear();
  }

  FakeAgency& agency_;
  std::uint64_t next_bet_ = 1;
  std::uint64_t filling_ = 0;
  std::uint64_t batches_ = 0;
  std::deque<client::BatchResult> window_;
};

/// Connects to `agency`, which must outlive the connection.
inline cli::Connect connect_to(FakeAgency& agency) {
  return [&agency](client::Options options) {
    agency.options = std::move(options);
    return std::make_unique<FakeConnection>(agency);
  };
}

}  // namespace sorteo::test
