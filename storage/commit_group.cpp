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

void CommitGroup::make_room(std::size_t record_bytes) {
  make_room_in(finished_, 1);
  make_room_in(completions_, 1);
  make_room_in(records_, record_bytes);
}

void CommitGroup::add_batch(const Batch& batch, Completion done) {
  append_batch_record(records_, batch);
  completions_.push_back(std::move(done));
}

void CommitGroup::add_finish(std::uint32_t agency, Completion done) {
  append_number_record(records_, RecordType::kAgencyFinished, agency);
  finished_.push_back(agency);
  completions_.push_back(std::move(done));
}

void CommitGroup::add_draw(std::uint32_t winning_number, Completion done) {
  append_number_record(records_, RecordType::kDrawHeld, winning_number);
  holds_draw_ = true;
  completions_.push_back(std::move(done));
}

void CommitGroup::clear() noexcept {
  records_.clear();
  completions_.clear();
  finished_.clear();
  holds_draw_ = false;
}

void CommitGroup::swap(CommitGroup& other) noexcept {
  records_.swap(other.records_);
  completions_.swap(other.completions_);
  finished_.swap(other.finished_);
  std::swap(holds_draw_, other.holds_draw_);
}

}  // namespace sorteo
