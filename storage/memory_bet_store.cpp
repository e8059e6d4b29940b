#include "storage/memory_bet_store.hpp"

#include <new>
#include <vector>

namespace sorteo {

void MemoryBetStore::append(const Batch& batch, Completion done) { done(take(batch)); }

void MemoryBetStore::append_once(const IdentifiedBatch& batch, ReceiptCompletion done) {
  Receipt receipt;
  const auto error = take_once(batch, receipt);
  done(error, receipt);
}

SessionState MemoryBetStore::session(std::uint32_t agency, const SessionId& session) const {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find({agency, session});
  const auto bets = bets_.find(agency);
  return {found == sessions_.end() ? 0 : found->second.size(),
          bets == bets_.end() ? 0 : bets->second};
}

void MemoryBetStore::record_counted_finish(std::uint32_t agency, std::uint64_t bets,
                                           CountCompletion done) {
  const std::uint64_t stored = session(agency, {}).agency_bets;
  done(stored == bets ? finish(agency) : make_error_code(StoreError::kCountMismatch), stored);
}

void MemoryBetStore::record_finish(std::uint32_t agency, Completion done) { done(finish(agency)); }

void MemoryBetStore::record_draw(std::uint32_t winning_number, Completion done) {
  done(hold_draw(winning_number));
}

std::optional<StoreFailure> MemoryBetStore::visit(BatchVisitor& visitor) const {
  std::size_t index = 0;
  const StoredBatch* stored = batch_at(index);
  while (stored != nullptr &&
         visitor.visit(Batch(stored->agency, stored->size, as_bytes(stored->packets)))) {
    stored = batch_at(++index);
  }
  return std::nullopt;
}

std::optional<StoreFailure> MemoryBetStore::keep_winners(const WinnersByAgency&) {
  return std::nullopt;
}

std::optional<StoreFailure> MemoryBetStore::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  return std::nullopt;
}

boost::system::error_code MemoryBetStore::take(const Batch& batch) {
  const std::lock_guard lock(mutex_);
  if (closed_) {
    return StoreError::kClosed;
  }
  if (const auto error = rules_.check(batch)) {
    return error;
  }
  if (batch.size() == 0) {
    return {};
  }
  try {
    store(batch);
  } catch (const std::bad_alloc&) {
    return StoreError::kFull;
  }
  return {};
}

boost::system::error_code MemoryBetStore::take_once(const IdentifiedBatch& batch,
                                                    Receipt& receipt) {
  const std::lock_guard lock(mutex_);
  if (closed_) {
    return StoreError::kClosed;
  }
  try {
    auto& settled = sessions_[{batch.agency, batch.session}];
    receipt.durable = settled.size();
    if (batch.sequence == 0 || batch.sequence > settled.size() + 1) {
      return StoreError::kSequenceGap;
    }
    if (batch.sequence <= settled.size()) {
      const Settled& original = settled[static_cast<std::size_t>(batch.sequence - 1)];
      if (!is_same(original, batch.content)) {
        return StoreError::kConflict;
      }
      receipt.is_duplicate = true;
      receipt.outcome = original.refused ? BatchOutcome::kRefused : BatchOutcome::kStored;
      receipt.bets = original.batch ? batches_[*original.batch].size : 0;
      return {};
    }
    const Batch bets(batch.agency, batch.bets.value_or(0), batch.content);
    if (const auto error = rules_.check(bets)) {
      return error;
    }
    settled.reserve(settled.size() + 1);
    if (!batch.bets) {
      settled.push_back({std::nullopt, std::string(as_text(batch.content))});
      receipt.outcome = BatchOutcome::kRefused;
    } else if (bets.size() == 0) {
      settled.emplace_back();
    } else {
      store(bets);
      settled.push_back({batches_.size() - 1, std::nullopt});
      receipt.bets = bets.size();
    }
    receipt.durable = settled.size();
  } catch (const std::bad_alloc&) {
    return StoreError::kFull;
  }
  return {};
}

// Throws std::bad_alloc, and has changed nothing then.
void MemoryBetStore::store(const Batch& batch) {
  std::uint64_t& bets = bets_[batch.agency()];
  batches_.push_back({batch.agency(), batch.size(), std::string(as_text(batch.packets()))});
  bets += batch.size();
}

bool MemoryBetStore::is_same(const Settled& settled, ByteView content) const {
  if (settled.refused) {
    return *settled.refused == as_text(content);
  }
  return settled.batch ? batches_[*settled.batch].packets == as_text(content) : content.empty();
}

boost::system::error_code MemoryBetStore::finish(std::uint32_t agency) {
  const std::lock_guard lock(mutex_);
  if (closed_) {
    return StoreError::kClosed;
  }
  try {
    if (rules_.finish(agency) == StoreRules::Verdict::kRecord) {
      std::vector<Completion> nobody;
      rules_.settle_finish(agency, true, nobody);
    }
  } catch (const std::bad_alloc&) {
    return StoreError::kFull;
  }
  return {};
}

boost::system::error_code MemoryBetStore::hold_draw(std::uint32_t winning_number) {
  const std::lock_guard lock(mutex_);
  if (closed_) {
    return StoreError::kClosed;
  }
  const auto verdict = rules_.hold_draw(winning_number);
  if (verdict.has_error()) {
    return verdict.error();
  }
  if (*verdict == StoreRules::Verdict::kRecord) {
    std::vector<Completion> nobody;
    rules_.settle_draw(true, nobody);
  }
  return {};
}

// Null past the last one. What it points to never changes.
const MemoryBetStore::StoredBatch* MemoryBetStore::batch_at(std::size_t index) const {
  const std::lock_guard lock(mutex_);
  return index < batches_.size() ? &batches_[index] : nullptr;
}

}  // namespace sorteo
