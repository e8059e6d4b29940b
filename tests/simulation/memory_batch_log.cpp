#include "tests/simulation/memory_batch_log.hpp"

#include <numeric>

namespace sorteo::simulation {

std::uint64_t MemoryBatchLog::bets_taken() const {
  return batches_.empty() ? 0 : batches_.back().first_bet + batches_.back().bets - 1;
}

std::uint64_t MemoryBatchLog::settled_bets() const {
  return std::accumulate(stored_.begin(), stored_.end(), std::uint64_t{0});
}

std::vector<client::OutboxBatch> MemoryBatchLog::unsettled() const {
  return {batches_.begin() + static_cast<std::ptrdiff_t>(stored_.size()), batches_.end()};
}

std::optional<std::string> MemoryBatchLog::append(const client::OutboxBatch& batch) {
  if (batch.sequence != batches_.size() + 1) {
    return "appended out of order";
  }
  batches_.push_back(batch);
  return std::nullopt;
}

std::optional<std::string> MemoryBatchLog::settle(std::uint64_t sequence,
                                                  std::uint64_t stored_bets) {
  if (sequence != stored_.size() + 1 || sequence > batches_.size()) {
    return "settled out of order";
  }
  stored_.push_back(stored_bets);
  return std::nullopt;
}

void MemoryBatchLog::crash(Chance& chance) { stored_.resize(chance.between(0, stored_.size())); }

}  // namespace sorteo::simulation
