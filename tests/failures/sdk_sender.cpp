#include "tests/failures/sdk_sender.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <utility>
#include <variant>

#include "tests/failures/numbered_bets.hpp"

namespace sorteo::test {

using client::Failure;
using client::FailureKind;
using client::Outcome;

namespace {

// What a patient program waits before it tries once more, so that many of them leave a server that
// starts some of the processor.
constexpr std::chrono::milliseconds kBetweenCalls{2};

}  // namespace

SdkSender::SdkSender(std::uint32_t sender, client::Options how, std::chrono::milliseconds patience)
    : sender_(sender),
      agency_(how.agency),
      patience_(patience),
      client_(with_callback(std::move(how))) {}

client::Options SdkSender::with_callback(client::Options how) {
  how.on_batch = [this](const client::BatchResult& batch) { take(batch); };
  return how;
}

void SdkSender::take(const client::BatchResult& batch) {
  const bool stored = batch.outcome == Outcome::kStored || batch.outcome == Outcome::kDuplicate;
  EXPECT_TRUE(stored) << "sender " << sender_ << ": " << batch.reason;
  EXPECT_EQ(batch.first_bet, acknowledged_ + 1) << "sender " << sender_;
  acknowledged_ = static_cast<std::uint32_t>(batch.first_bet + batch.bets - 1);
}

bool SdkSender::submit(std::uint32_t bets) {
  for (const std::uint32_t last = submitted_ + bets; submitted_ < last;) {
    const Bet bet = numbered_bet(sender_, submitted_ + 1);
    if (!insist("submit", [&] { return client_.submit(bet); })) {
      return false;
    }
    ++submitted_;
  }
  return true;
}

bool SdkSender::flush() {
  return insist("flush", [this] { return client_.flush(); });
}

bool SdkSender::finish(std::uint64_t total) {
  return insist("finish", [&] { return client_.finish(total); });
}

std::optional<client::Winners> SdkSender::winners() {
  std::optional<client::Winners> winners;
  const bool came = insist("winners", [&]() -> std::optional<Failure> {
    auto answer = client_.wait_for_winners(patience_);
    if (auto* failure = std::get_if<Failure>(&answer)) {
      return std::move(*failure);
    }
    winners = std::get<client::Winners>(std::move(answer));
    return std::nullopt;
  });
  return came ? winners : std::nullopt;
}

// A lost connection, or a server that is away for longer than the call had time, loses nothing in
// version 2: the call is made again. Nothing else may go wrong.
bool SdkSender::insist(const char* what, const std::function<std::optional<Failure>()>& call) {
  const auto deadline = Clock::now() + patience_;
  while (const auto failure = call()) {
    ++failed_calls_;
    const bool may_pass =
        failure->kind == FailureKind::kTimedOut || failure->kind == FailureKind::kDisconnected;
    if (!may_pass || Clock::now() > deadline) {
      ADD_FAILURE() << "sender " << sender_ << ": " << what << ": " << failure->message;
      return false;
    }
    std::this_thread::sleep_for(kBetweenCalls);
  }
  return true;
}

}  // namespace sorteo::test
