#include "tests/failures/load.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sorteo::test {

Load::Load(std::uint32_t senders,
           const std::function<client::Options(std::uint32_t sender)>& options_of,
           std::chrono::milliseconds patience)
    : patience_(patience), winners_(senders) {
  for (std::uint32_t sender = 1; sender <= senders; ++sender) {
    senders_.push_back(std::make_unique<SdkSender>(sender, options_of(sender), patience));
  }
}

Load::~Load() {
  tell(Order::kGiveUp);
  wait_for_the_end();
}

void Load::start() {
  for (std::size_t at = 0; at < senders_.size(); ++at) {
    threads_.emplace_back([this, at] { run(*senders_[at], winners_[at]); });
  }
}

bool Load::pause() {
  tell(Order::kPause);
  std::unique_lock lock(mutex_);
  const bool told = changed_.wait_for(
      lock, patience_, [this] { return standing_ == senders_.size() || order_ == Order::kGiveUp; });
  return told && order_ == Order::kPause;
}

void Load::resume() { tell(Order::kSubmit); }

bool Load::wait_until_submitted(std::uint64_t bets) {
  std::unique_lock lock(mutex_);
  const bool told = changed_.wait_for(
      lock, patience_, [&] { return submitted() >= bets || order_ == Order::kGiveUp; });
  return told && order_ != Order::kGiveUp;
}

void Load::conclude() { tell(Order::kConclude); }

void Load::wait_for_the_end() {
  for (std::thread& thread : threads_) {
    thread.join();
  }
  threads_.clear();
}

void Load::tell(Order order) {
  const std::lock_guard lock(mutex_);
  if (order_ != Order::kGiveUp) {  // which is for good
    order_ = order;
  }
  changed_.notify_all();
}

void Load::run(SdkSender& sender, std::optional<client::Winners>& winners) {
  const bool all_there = submit_until_told(sender) && sender.flush();
  if (!all_there) {
    tell(Order::kGiveUp);
  }
  if (wait_until_all_are_flushed() && sender.finish(submitted_of_agency(sender.agency()))) {
    winners = sender.winners();
  }
}

bool Load::submit_until_told(SdkSender& sender) {
  for (;;) {  // some bets a turn
    std::unique_lock lock(mutex_);
    changed_.notify_all();  // of the bets of the turn before
    const Order order = order_;
    lock.unlock();
    if (order == Order::kConclude || order == Order::kGiveUp) {
      return order == Order::kConclude;
    }
    const bool done = order == Order::kSubmit ? sender.submit(kBetsAtATime)
                                              : sender.flush() && wait_while_paused();
    if (!done) {
      return false;
    }
  }
}

bool Load::wait_while_paused() {
  std::unique_lock lock(mutex_);
  ++standing_;
  changed_.notify_all();
  const bool told = changed_.wait_for(lock, patience_, [this] { return order_ != Order::kPause; });
  --standing_;
  EXPECT_TRUE(told);
  return told;
}

bool Load::wait_until_all_are_flushed() {
  std::unique_lock lock(mutex_);
  ++flushed_;
  changed_.notify_all();
  const auto known = [this] { return flushed_ == senders_.size() || order_ == Order::kGiveUp; };
  return changed_.wait_for(lock, patience_, known) && order_ != Order::kGiveUp;
}

std::uint64_t Load::submitted() const {
  std::uint64_t bets = 0;
  for (const auto& sender : senders_) {
    bets += sender->submitted();
  }
  return bets;
}

std::uint64_t Load::submitted_of_agency(std::uint32_t agency) const {
  std::uint64_t bets = 0;
  for (const auto& sender : senders_) {
    bets += sender->agency() == agency ? sender->submitted() : 0;
  }
  return bets;
}

std::vector<std::uint32_t> Load::acknowledged() const {
  std::vector<std::uint32_t> last;
  for (const auto& sender : senders_) {
    last.push_back(sender->acknowledged());
  }
  return last;
}

void Load::expect_in(const NumberedBets& stored,
                     const std::vector<std::uint32_t>& acknowledged) const {
  for (std::size_t at = 0; at < senders_.size(); ++at) {
    const SdkSender& sender = *senders_[at];
    const auto fault = stored.fault_of(sender.sender());
    EXPECT_FALSE(fault) << *fault;
    const std::size_t found = stored.of_sender(sender.sender()).size();
    EXPECT_GE(found, acknowledged.at(at)) << "sender " << sender.sender() << " lost bets";
    // The bet that is being handed over is not counted yet.
    EXPECT_LE(found, sender.submitted() + 1);
  }
}

void Load::expect_all_in(const NumberedBets& stored) const {
  std::uint64_t all = 0;
  for (std::size_t at = 0; at < senders_.size(); ++at) {
    const SdkSender& sender = *senders_[at];
    const auto fault = stored.fault_of(sender.sender());
    EXPECT_FALSE(fault) << *fault;
    EXPECT_EQ(stored.of_sender(sender.sender()).size(), sender.submitted());
    EXPECT_EQ(sender.acknowledged(), sender.submitted());
    EXPECT_EQ(stored.of_agency(sender.agency()), submitted_of_agency(sender.agency()));
    EXPECT_EQ(winners_[at], stored.winners_of(sender.agency())) << "sender " << sender.sender();
    all += sender.submitted();
  }
  EXPECT_EQ(stored.size(), all);
}

LoadCounts Load::counts() const {
  LoadCounts counts;
  counts.bets = submitted();
  for (const auto& sender : senders_) {
    counts.duplicates += sender->progress().bets_duplicate;
    counts.failed_calls += sender->failed_calls();
  }
  return counts;
}

}  // namespace sorteo::test
