#include "storage/store_rules.hpp"

#include <utility>

#include "storage/log_record.hpp"

namespace sorteo {

StoreRules::StoreRules(Ledger recovered) : ledger_(std::move(recovered)) {
  ledger_.settle_all();
  undo_draw();
}

boost::system::error_code StoreRules::check(std::uint32_t agency, std::size_t bytes) const {
  if (accepted_draw_) {
    return StoreError::kDrawHeld;
  }
  const auto found = ledger_.agencies.find(agency);
  if (found != ledger_.agencies.end() && found->second.is_finishing) {
    return StoreError::kAgencyFinished;
  }
  if (bytes > kMaxRecordPayload) {
    return StoreError::kTooLarge;
  }
  return {};
}

boost::system::error_code StoreRules::check(const Batch& batch) const {
  return check(batch.agency(), kBatchHeaderBytes + batch.packets().size());
}

boost::system::result<StoreRules::Arrival> StoreRules::arrival(const IdentifiedBatch& batch) const {
  const auto found = ledger_.sessions.find({batch.agency, batch.session});
  const std::uint64_t accepted = found == ledger_.sessions.end() ? 0 : found->second.accepted;
  if (batch.sequence == 0 || batch.sequence > accepted + 1) {
    return make_error_code(StoreError::kSequenceGap);
  }
  if (batch.sequence <= accepted) {
    return Arrival::kAgain;
  }
  if (const auto error = check(batch.agency, identified_record_size(batch) - kRecordHeaderBytes)) {
    return error;
  }
  return Arrival::kNew;
}

std::uint64_t StoreRules::durable(std::uint32_t agency, const SessionId& session) const {
  const auto found = ledger_.sessions.find({agency, session});
  return found == ledger_.sessions.end() ? 0 : found->second.durable;
}

SessionState StoreRules::state_of(std::uint32_t agency, const SessionId& session) const {
  const auto found = ledger_.sessions.find({agency, session});
  SessionState state{0, settled_bets(agency), 0};
  if (found != ledger_.sessions.end()) {
    state.durable = found->second.durable;
    state.last_refused = found->second.last_refused;
  }
  return state;
}

std::uint64_t StoreRules::settled_bets(std::uint32_t agency) const {
  const auto found = ledger_.agencies.find(agency);
  return found == ledger_.agencies.end() ? 0 : found->second.bets;
}

std::uint64_t StoreRules::accepted_bets(std::uint32_t agency) const {
  const auto found = ledger_.agencies.find(agency);
  return found == ledger_.agencies.end() ? 0 : found->second.accepted_bets;
}

Ledger::Agency& StoreRules::accept(std::uint32_t agency, std::uint32_t bets) {
  Ledger::Agency& entry = ledger_.agencies[agency];
  entry.accepted_bets += bets;
  return entry;
}

Ledger::Sessions::value_type& StoreRules::accept(const IdentifiedBatch& batch) {
  auto& entry = session_of(batch);
  entry.second.make_room(batch.sequence);
  accept(batch.agency, batch.bets.value_or(0));
  entry.second.accepted = batch.sequence;
  return entry;
}

Ledger::Sessions::value_type& StoreRules::session_of(const IdentifiedBatch& batch) {
  return *ledger_.sessions.try_emplace({batch.agency, batch.session}).first;
}

StoreRules::Verdict StoreRules::finish(std::uint32_t agency) {
  Ledger::Agency& entry = ledger_.agencies[agency];
  if (entry.is_finishing) {
    return entry.has_finished ? Verdict::kSettled : Verdict::kWait;
  }
  if (ledger_.finished.capacity() < ledger_.agencies.size()) {
    ledger_.finished.reserve(2 * ledger_.agencies.size());
  }
  entry.is_finishing = true;
  return Verdict::kRecord;
}

boost::system::result<StoreRules::Verdict> StoreRules::hold_draw(std::uint32_t winning_number) {
  if (!accepted_draw_) {
    accepted_draw_ = winning_number;
    return Verdict::kRecord;
  }
  if (*accepted_draw_ != winning_number) {
    return make_error_code(StoreError::kDrawHeld);
  }
  return ledger_.draw ? Verdict::kSettled : Verdict::kWait;
}

void StoreRules::settle_batch(Ledger::Agency& agency, std::uint32_t bets) noexcept {
  ++ledger_.records;
  ledger_.add_bets(agency, bets);
}

void StoreRules::settle_sequence(Ledger::Session& session, std::uint64_t offset,
                                 bool is_refusal) noexcept {
  session.add(offset, is_refusal);
}

void StoreRules::settle_finish(std::uint32_t number) noexcept {
  ++ledger_.records;
  ledger_.finish(number, ledger_.agencies[number]);
}

void StoreRules::settle_draw(const Ledger::Draw& draw) noexcept {
  ++ledger_.records;
  ledger_.draw = draw;
}

void StoreRules::undo(Ledger::Agency& agency) noexcept {
  agency.accepted_bets = agency.bets;
  agency.is_finishing = agency.has_finished;
}

void StoreRules::undo(Ledger::Session& session) noexcept {
  session.accepted = session.durable;
  session.written = session.last;
}

void StoreRules::undo_draw() noexcept {
  accepted_draw_ = ledger_.draw ? std::optional(ledger_.draw->winning_number) : std::nullopt;
}

}  // namespace sorteo
