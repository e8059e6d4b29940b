#include "client_sdk/batch_window.hpp"

#include <algorithm>
#include <utility>

namespace sorteo::client {

BatchWindow::BatchWindow(std::size_t capacity, BatchLog* log)
    : capacity_(std::max<std::size_t>(capacity, 1)), log_(log) {
  if (log_ == nullptr) {
    return;
  }
  first_ = log_->settled() + 1;
  last_sent_ = log_->last_sequence();
  stored_bets_ = log_->settled_bets();
  for (OutboxBatch& batch : log_->unsettled()) {
    entries_.push_back({std::move(batch), true, true, false});
  }
}

std::uint64_t BatchWindow::uncertain_bets() const noexcept {
  std::uint64_t bets = 0;
  for (const Entry& entry : entries_) {
    bets += entry.is_uncertain ? entry.batch.bets : 0;
  }
  return bets;
}

std::vector<BatchResult> BatchWindow::sent() const {
  std::vector<BatchResult> result;
  for (const Entry& entry : entries_) {
    if (entry.batch.sequence <= last_sent_ && !entry.is_told) {
      result.push_back({entry.batch.first_bet, entry.batch.bets, Outcome::kUnknown, {}});
    }
  }
  return result;
}

std::deque<OutgoingBatch> BatchWindow::take_unsent() {
  std::deque<OutgoingBatch> batches;
  for (Entry& entry : entries_) {
    batches.push_back({entry.batch.first_bet, entry.batch.bets, std::move(entry.batch.packets)});
  }
  entries_.clear();
  next_ = 0;
  return batches;
}

std::optional<std::string> BatchWindow::push(OutgoingBatch& batch) {
  Entry entry{{first_ + entries_.size(), batch.first_bet, batch.bets, std::move(batch.packets)}};
  if (log_ != nullptr) {
    if (auto fault = log_->append(entry.batch)) {
      batch.packets = std::move(entry.batch.packets);
      return fault;
    }
  }
  entries_.push_back(std::move(entry));
  return std::nullopt;
}

const OutboxBatch* BatchWindow::next_to_send() const noexcept {
  return next_ < entries_.size() ? &entries_[next_].batch : nullptr;
}

void BatchWindow::note_sent() noexcept {
  last_sent_ = std::max(last_sent_, entries_[next_].batch.sequence);
  ++next_;
}

void BatchWindow::note_uncertain() noexcept {
  for (Entry& entry : entries_) {
    entry.is_uncertain = entry.is_uncertain || entry.batch.sequence <= last_sent_;
  }
}

void BatchWindow::settle_first(Outcome outcome, std::uint64_t stored, std::string reason) {
  Entry entry = std::move(entries_.front());
  entries_.pop_front();
  next_ -= std::min<std::size_t>(next_, 1);
  ++first_;
  stored_bets_ += stored;
  if (log_ != nullptr) {
    if (auto fault = log_->settle(entry.batch.sequence, stored); fault && !log_fault_) {
      log_fault_ = std::move(fault);
    }
  }
  if (!entry.is_told) {
    tell(entry, outcome, std::move(reason));
  }
}

void BatchWindow::settle_through(std::uint64_t sequence) {
  while (!entries_.empty() && first_ <= sequence) {
    settle_first(Outcome::kStored, entries_.front().batch.bets);
  }
}

bool BatchWindow::refuse_first_and_empty_it(const std::string& reason) {
  Entry& entry = entries_.front();
  if (entry.batch.packets.empty()) {
    return false;
  }
  tell(entry, Outcome::kRefused, reason);
  entry.is_told = true;
  entry.batch.bets = 0;
  entry.batch.packets.clear();
  return true;
}

void BatchWindow::refuse_all(const std::string& reason) {
  while (!entries_.empty()) {
    settle_first(Outcome::kRefused, 0, reason);
  }
}

void BatchWindow::tell(const Entry& entry, Outcome outcome, std::string reason) {
  settled_.push_back({entry.batch.sequence,
                      {entry.batch.first_bet, entry.batch.bets},
                      outcome,
                      std::move(reason),
                      entry.is_of_earlier_run});
}

std::optional<Settled> BatchWindow::take_settled() {
  if (settled_.empty()) {
    return std::nullopt;
  }
  std::optional<Settled> settled(std::move(settled_.front()));
  settled_.pop_front();
  return settled;
}

std::optional<std::string> BatchWindow::take_log_fault() {
  return std::exchange(log_fault_, std::nullopt);
}

}  // namespace sorteo::client
