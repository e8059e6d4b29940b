#include "storage/memory_bet_store.hpp"

#include <new>
#include <vector>

namespace sorteo {

void MemoryBetStore::append(const Batch& batch, Completion done) { done(take(batch)); }

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
    batches_.push_back({batch.agency(), batch.size(), std::string(as_text(batch.packets()))});
  } catch (const std::bad_alloc&) {
    return StoreError::kFull;
  }
  return {};
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
