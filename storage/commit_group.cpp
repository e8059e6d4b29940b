#include "storage/commit_group.hpp"

#include <algorithm>
#include <utility>

namespace sorteo {
namespace {

template <typename T>
void make_room_in(std::vector<T>& vector, std::size_t more) {
  const std::size_t needed = vector.size() + more;
  if (needed > vector.capacity()) {
    vector.reserve(std::max(needed, vector.capacity() + vector.capacity() / 2));
  }
}

}  // namespace

void CommitGroup::make_room(std::size_t record_bytes, std::size_t content_bytes) {
  make_room_in(changes_, 1);
  records_.make_room(record_bytes);
  make_room_in(contents_, content_bytes);
}

void CommitGroup::add_batch(const Batch& batch, Change&& change) {
  encode_batch_record(records_.extend(batch_record_size(batch)), batch);
  change.kind = Change::Kind::kBatch;
  change.number = batch.agency();
  change.bets = batch.size();
  change.record_bytes = batch_record_size(batch);
  add(std::move(change));
}

void CommitGroup::add_identified(const IdentifiedBatch& batch, Change&& change) {
  encode_identified_record(records_.extend(identified_record_size(batch)), batch);
  change.kind = batch.bets ? Change::Kind::kIdentifiedBatch : Change::Kind::kRefusedBatch;
  change.number = batch.agency;
  change.bets = batch.bets.value_or(0);
  change.sequence = batch.sequence;
  change.record_bytes = identified_record_size(batch);
  add(std::move(change));
}

void CommitGroup::add_duplicate(const IdentifiedBatch& batch, Change&& change) {
  contents_.insert(contents_.end(), batch.content.begin(), batch.content.end());
  change.kind = Change::Kind::kDuplicate;
  change.number = batch.agency;
  change.sequence = batch.sequence;
  change.content_bytes = batch.content.size();
  add(std::move(change));
}

void CommitGroup::add_finish(Change&& change) {
  encode_finish_record(records_.extend(kFinishRecordBytes), change.number, change.bets);
  change.kind = Change::Kind::kFinish;
  change.record_bytes = kFinishRecordBytes;
  add(std::move(change));
}

void CommitGroup::add_draw(Change&& change) {
  encode_draw_record(records_.extend(kDrawRecordBytes), change.number);
  change.kind = Change::Kind::kDraw;
  change.record_bytes = kDrawRecordBytes;
  add(std::move(change));
}

void CommitGroup::add(Change&& change) { changes_.push_back(std::move(change)); }

void CommitGroup::clear() noexcept {
  records_.clear();
  contents_.clear();
  changes_.clear();
}

void CommitGroup::swap(CommitGroup& other) noexcept {
  records_.swap(other.records_);
  contents_.swap(other.contents_);
  changes_.swap(other.changes_);
}

}  // namespace sorteo
