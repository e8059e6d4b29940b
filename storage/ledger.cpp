#include "storage/ledger.hpp"

#include <algorithm>

namespace sorteo {

void Ledger::Session::make_room(std::uint64_t sequence) {
  const auto needed = static_cast<std::size_t>(sequence / kStride);
  if (needed > marks.capacity()) {
    marks.reserve(std::max<std::size_t>(needed, 2 * marks.capacity()));
  }
}

void Ledger::Session::add(std::uint64_t offset, bool is_refusal) {
  ++durable;
  last = offset;
  last_refused = is_refusal ? durable : last_refused;
  if (durable % kStride == 0) {
    marks.push_back(offset);
  }
}

Ledger::Session::Place Ledger::Session::nearest(std::uint64_t sequence) const {
  const auto index = static_cast<std::size_t>((sequence + kStride - 1) / kStride) - 1;
  return index < marks.size() ? Place{(index + 1) * kStride, marks[index]} : Place{durable, last};
}

bool Ledger::take(const RecordHeader& header, RecordType type, ByteView payload) {
  ++records;
  switch (type) {
    case RecordType::kBatch: {
      const Batch batch = *decode_batch_payload(payload);
      Agency& agency = agencies[batch.agency()];
      add_bets(agency, batch.size());
      return !draw && !agency.has_finished && batch.size() > 0;
    }
    case RecordType::kIdentifiedBatch:
    case RecordType::kRefusedBatch:
      return take(header, type, *decode_identity(payload));
    case RecordType::kAgencyFinished: {
      const FinishRecord record = *decode_finish_payload(payload);
      Agency& agency = agencies[record.agency];
      if (agency.has_finished || agency.bets != record.bets) {
        return false;
      }
      finish(record.agency, agency);
      return true;
    }
    case RecordType::kDrawHeld:
      if (draw) {
        return false;
      }
      draw = Draw{*decode_draw_payload(payload), header.offset, header.checksum};
      return true;
  }
  return false;
}

bool Ledger::take(const RecordHeader& header, RecordType type, const RecordIdentity& identity) {
  Session& session = sessions[{identity.agency, identity.session}];
  Agency& agency = agencies[identity.agency];
  if (identity.sequence != session.durable + 1 || identity.before != session.last || draw ||
      agency.has_finished) {
    return false;
  }
  session.add(header.offset, type == RecordType::kRefusedBatch);
  if (type == RecordType::kIdentifiedBatch) {
    add_bets(agency, identity.count);
  }
  return true;
}

void Ledger::add_bets(Agency& agency, std::uint32_t count) noexcept {
  batches += count > 0 ? 1 : 0;
  bets += count;
  agency.bets += count;
}

void Ledger::finish(std::uint32_t number, Agency& agency) {
  agency.has_finished = true;
  finished.push_back(number);
}

void Ledger::settle_all() noexcept {
  for (auto& [number, agency] : agencies) {
    agency.accepted_bets = agency.bets;
    agency.is_finishing = agency.has_finished;
  }
  for (auto& [sender, session] : sessions) {
    session.accepted = session.durable;
    session.written = session.last;
  }
}

StoreState Ledger::state() const {
  StoreState state;
  state.batches = batches;
  state.bets = bets;
  state.finished = finished;
  if (draw) {
    state.winning_number = draw->winning_number;
  }
  state.sessions = static_cast<std::uint64_t>(
      std::count_if(sessions.begin(), sessions.end(),
                    [](const auto& entry) { return entry.second.durable > 0; }));
  return state;
}

}  // namespace sorteo
