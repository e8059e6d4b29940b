#include "tests/failures/honest_sender.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

namespace sorteo::test {

using client::FailureKind;
using client::Outcome;

HonestSender::HonestSender(std::uint32_t sender, client::Options how)
    : sender_(sender), thread_([this, how = std::move(how)]() mutable { run(std::move(how)); }) {}

void HonestSender::stop() {
  is_stopping_ = true;
  if (thread_.joinable()) {
    thread_.join();
  }
}

void HonestSender::run(client::Options how) {
  how.on_batch = [this](const client::BatchResult& batch) { batches_[batch.first_bet] = batch; };
  client::Client client(std::move(how));
  while (!is_stopping_) {
    const auto failure = client.submit(numbered_bet(sender_, submitted_ + 1));
    if (failure) {
      expect_passing(*failure);
    } else {
      ++submitted_;
    }
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (const auto failure = client.flush()) {
    expect_passing(*failure);
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "sender " << sender_ << ": " << failure->message;
      return;
    }
  }
}

void HonestSender::expect_passing(const client::Failure& failure) const {
  EXPECT_TRUE(failure.kind == FailureKind::kTimedOut ||
              failure.kind == FailureKind::kDisconnected ||
              failure.kind == FailureKind::kOutcomeUnknown)
      << "sender " << sender_ << ": " << failure.message;
}

void HonestSender::expect_in(const NumberedBets& stored) const {
  const auto& indexes = stored.of_sender(sender_);
  const std::set<std::uint64_t> found(indexes.begin(), indexes.end());
  EXPECT_EQ(found.size(), indexes.size()) << "sender " << sender_ << ": bets are stored twice";
  std::uint64_t next = 1;
  std::uint64_t accounted = 0;
  for (const auto& [first, batch] : batches_) {
    EXPECT_EQ(first, next) << "sender " << sender_ << ": bets without an outcome";
    next = first + batch.bets;
    const auto there = static_cast<std::uint64_t>(
        std::distance(found.lower_bound(first), found.lower_bound(next)));
    accounted += there;
    if (batch.outcome == Outcome::kUnknown) {
      EXPECT_TRUE(there == 0 || there == batch.bets) << there << " of " << batch.bets;
    } else {
      EXPECT_NE(batch.outcome, Outcome::kRefused) << batch.reason;
      EXPECT_EQ(there, batch.bets) << "sender " << sender_ << " lost bets from " << first;
    }
  }
  EXPECT_EQ(next, submitted_ + 1) << "sender " << sender_ << ": bets without an outcome";
  EXPECT_EQ(accounted, found.size()) << "sender " << sender_ << ": bets nobody was told of";
}

}  // namespace sorteo::test
