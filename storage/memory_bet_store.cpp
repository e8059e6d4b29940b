#include "storage/memory_bet_store.hpp"

#include <new>
#include <utility>

namespace sorteo {

void MemoryBetStore::append(const Batch& batch, Completion done) { done(take(batch)); }

void MemoryBetStore::append_once(const IdentifiedBatch& batch, ReceiptCompletion done) {
  Receipt receipt;
  const auto error = take_once(batch, receipt);
  done(error, receipt);
}

SessionState MemoryBetStore::session(std::uint32_t agency, const SessionId& session) const {
  const std::lock_guard lock(mutex_);
  return rules_.state_of(agency, session);
}

void MemoryBetStore::record_counted_finish(std::uint32_t agency, std::uint64_t bets,
                                           CountCompletion done) {
  std::uint64_t stored = 0;
  const auto error = finish(agency, bets, stored);
  done(error, stored);
}

void MemoryBetStore::record_finish(std::uint32_t agency, Completion done) {
  std::uint64_t stored = 0;
  done(finish(agency, std::nullopt, stored));
}

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
    Ledger::Agency& agency = rules_.accept(batch.agency(), 0);
    store(batch);
    rules_.accept(batch.agency(), batch.size());
    rules_.settle_batch(agency, batch.size());
  } catch (const std::bad_alloc&) {
    return StoreError::kFull;
  }
  return {};
}

boost::system::error_code MemoryBetStore::take_once(const IdentifiedBatch& batch,
                                                    Receipt& receipt) {
  const std::lock_guard lock(mutex_);
  receipt.durable = rules_.durable(batch.agency, batch.session);
  if (closed_) {
    return StoreError::kClosed;
  }
  const auto arrival = rules_.arrival(batch);
  if (arrival.has_error()) {
    return arrival.error();
  }
  try {
    return *arrival == StoreRules::Arrival::kAgain ? compare(batch, receipt)
                                                   : store_once(batch, receipt);
  } catch (const std::bad_alloc&) {
    return StoreError::kFull;
  }
}

boost::system::error_code MemoryBetStore::compare(const IdentifiedBatch& batch, Receipt& receipt) {
  const Settled& original =
      settled_[{batch.agency, batch.session}][static_cast<std::size_t>(batch.sequence - 1)];
  if (!is_same(original, batch.content)) {
    return StoreError::kConflict;
  }
  receipt.is_duplicate = true;
  receipt.outcome = original.refused ? BatchOutcome::kRefused : BatchOutcome::kStored;
  receipt.bets = original.batch ? batches_[*original.batch].size : 0;
  return {};
}

// Throws std::bad_alloc, and has changed nothing then.
boost::system::error_code MemoryBetStore::store_once(const IdentifiedBatch& batch,
                                                     Receipt& receipt) {
  const Batch bets(batch.agency, batch.bets.value_or(0), batch.content);
  auto& settled = settled_[{batch.agency, batch.session}];
  if (settled.size() == settled.capacity()) {
    settled.reserve(2 * settled.size() + 1);
  }
  Settled outcome;
  if (!batch.bets) {
    outcome.refused = std::string(as_text(batch.content));
  }
  Ledger::Agency& agency = rules_.accept(batch.agency, 0);
  Ledger::Session& session = rules_.session_of(batch).second;
  session.make_room(batch.sequence);
  if (bets.size() > 0) {
    store(bets);
    outcome.batch = batches_.size() - 1;
  }
  settled.push_back(std::move(outcome));
  rules_.accept(batch);
  rules_.settle_sequence(session, 0, !batch.bets);
  rules_.settle_batch(agency, bets.size());
  receipt.outcome = batch.bets ? BatchOutcome::kStored : BatchOutcome::kRefused;
  receipt.bets = bets.size();
  receipt.durable = session.durable;
  return {};
}

// Throws std::bad_alloc, and has changed nothing then.
void MemoryBetStore::store(const Batch& batch) {
  batches_.push_back({batch.agency(), batch.size(), std::string(as_text(batch.packets()))});
}

bool MemoryBetStore::is_same(const Settled& settled, ByteView content) const {
  if (settled.refused) {
    return *settled.refused == as_text(content);
  }
  return settled.batch ? batches_[*settled.batch].packets == as_text(content) : content.empty();
}

boost::system::error_code MemoryBetStore::finish(std::uint32_t agency,
                                                 std::optional<std::uint64_t> bets,
                                                 std::uint64_t& stored) {
  const std::lock_guard lock(mutex_);
  stored = rules_.settled_bets(agency);
  if (closed_) {
    return StoreError::kClosed;
  }
  if (bets && *bets != stored) {
    return StoreError::kCountMismatch;
  }
  try {
    if (rules_.finish(agency) == StoreRules::Verdict::kRecord) {
      rules_.settle_finish(agency);
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
    rules_.settle_draw({winning_number, 0, 0});
  }
  return {};
}

// Null past the last one. What it points to never changes.
const MemoryBetStore::StoredBatch* MemoryBetStore::batch_at(std::size_t index) const {
  const std::lock_guard lock(mutex_);
  return index < batches_.size() ? &batches_[index] : nullptr;
}

}  // namespace sorteo
