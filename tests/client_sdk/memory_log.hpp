#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client_sdk/batch_log.hpp"

namespace sorteo::client {

/// A log in memory, which can be told to fail.
class MemoryLog final : public BatchLog {
 public:
  MemoryLog() { session_.bytes.fill(std::byte{7}); }

  const SessionId& session() const override { return session_; }
  std::uint64_t bets_taken() const override { return bets_taken_; }
  std::uint64_t last_sequence() const override { return settled_ + unsettled_.size(); }
  std::uint64_t settled() const override { return settled_; }
  std::uint64_t settled_bets() const override { return settled_bets_; }
  std::vector<OutboxBatch> unsettled() const override { return unsettled_; }

  std::optional<std::string> append(const OutboxBatch& batch) override {
    if (fault) {
      return fault;
    }
    bets_taken_ += batch.bets;
    unsettled_.push_back(batch);
    return std::nullopt;
  }

  std::optional<std::string> settle(std::uint64_t sequence, std::uint64_t stored_bets) override {
    if (fault) {
      return fault;
    }
    if (unsettled_.empty() || unsettled_.front().sequence != sequence) {
      return "out of order";
    }
    settled_ = sequence;
    settled_bets_ += stored_bets;
    unsettled_.erase(unsettled_.begin());
    return std::nullopt;
  }

  std::optional<std::string> fault;  ///< of every change, when set

 private:
  SessionId session_;
  std::uint64_t bets_taken_ = 0;
  std::uint64_t settled_ = 0;
  std::uint64_t settled_bets_ = 0;
  std::vector<OutboxBatch> unsettled_;
};

}  // namespace sorteo::client
