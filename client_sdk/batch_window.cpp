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
    uncertain_bets_ += batch.bets;
    entries_.grow() = {std::move(batch), true, true, false, false};
  }
}

std::vector<BatchResult> BatchWindow::sent() const {
  std::vector<BatchResult> result;
  for (std::size_t at = 0; at < entries_.size(); ++at) {
    const Entry& entry = entries_[at];
    if (entry.batch.sequence <= last_sent_ && !entry.is_told) {
      result.push_back({entry.batch.first_bet, entry.batch.bets, Outcome::kUnknown, {}});
    }
  }
  return result;
}

std::deque<OutgoingBatch> BatchWindow::take_unsent() {
  std::deque<OutgoingBatch> batches;
  for (std::size_t at = 0; at < entries_.size(); ++at) {
    OutboxBatch& batch = entries_[at].batch;
    batches.push_back({batch.first_bet, batch.bets, std::move(batch.packets)});
  }
  entries_.clear();
  uncertain_bets_ = 0;
  next_ = 0;
  return batches;
}

std::optional<std::string> BatchWindow::push(OutgoingBatch& batch) {
  entries_.reserve_one();  // or throws while `batch` is as it was, and not in the log
  OutboxBatch numbered{first_ + entries_.size(), batch.first_bet, batch.bets,
                       std::move(batch.packets)};
  if (log_ != nullptr) {
    if (auto fault = log_->append(numbered)) {
      batch.packets = std::move(numbered.packets);
      return fault;
    }
  }
  Entry& entry = entries_.grow();
  batch.packets = std::move(entry.batch.packets);
  batch.packets.clear();
  entry = {std::move(numbered), false, false, false, false};
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
  uncertain_bets_ = 0;
  for (std::size_t at = 0; at < entries_.size(); ++at) {
    Entry& entry = entries_[at];
    entry.is_uncertain = entry.is_uncertain || entry.batch.sequence <= last_sent_;
    uncertain_bets_ += entry.is_uncertain ? entry.batch.bets : 0;
  }
}

void BatchWindow::settle_first(Outcome outcome, std::uint64_t stored, std::string reason) {
  Entry& entry = entries_.front();
  ++first_;
  stored_bets_ += stored;
  uncertain_bets_ -= entry.is_uncertain ? entry.batch.bets : 0;
  if (log_ != nullptr) {
    if (auto fault = log_->settle(entry.batch.sequence, stored); fault && !log_fault_) {
      log_fault_ = std::move(fault);
    }
  }
  if (!entry.is_told) {
    tell(entry, outcome, std::move(reason));
  }
  entries_.pop();  // its buffer stays, for a batch to come
  next_ -= std::min<std::size_t>(next_, 1);
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
  uncertain_bets_ -= entry.is_uncertain ? entry.batch.bets : 0;
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
  settled_.grow() = {entry.batch.sequence,
                     {entry.batch.first_bet, entry.batch.bets},
                     outcome,
                     std::move(reason),
                     entry.is_of_earlier_run};
}

std::optional<Settled> BatchWindow::take_settled() {
  if (settled_.empty()) {
    return std::nullopt;
  }
  std::optional<Settled> settled(std::move(settled_.front()));
  settled_.pop();
  return settled;
}

std::optional<std::string> BatchWindow::take_log_fault() {
  return std::exchange(log_fault_, std::nullopt);
}

}  // namespace sorteo::client
