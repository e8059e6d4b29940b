#include "storage/store_rules.hpp"

#include <iterator>
#include <utility>

#include "storage/log_record.hpp"

namespace sorteo {

StoreRules::StoreRules(const StoreState& recovered) {
  for (const std::uint32_t agency : recovered.finished) {
    finished_[agency].settled = true;
  }
  if (recovered.winning_number) {
    draw_.emplace(HeldDraw{*recovered.winning_number, {true, {}}});
  }
}

boost::system::error_code StoreRules::check(const Batch& batch) const {
  if (draw_) {
    return StoreError::kDrawHeld;
  }
  if (finished_.contains(batch.agency())) {
    return StoreError::kAgencyFinished;
  }
  if (batch.packets().size() > kMaxRecordPayload - kBatchHeaderBytes) {
    return StoreError::kTooLarge;
  }
  return {};
}

StoreRules::Verdict StoreRules::finish(std::uint32_t agency) {
  const auto [found, is_new] = finished_.try_emplace(agency);
  return is_new ? Verdict::kRecord : verdict(found->second);
}

void StoreRules::wait_for_finish(std::uint32_t agency, Completion& done) {
  finished_[agency].waiting.push_back(std::move(done));
}

void StoreRules::settle_finish(std::uint32_t agency, bool success,
                               std::vector<Completion>& waiting) {
  const auto found = finished_.find(agency);
  settle(found->second, waiting);
  if (!success) {
    finished_.erase(found);
  }
}

boost::system::result<StoreRules::Verdict> StoreRules::hold_draw(std::uint32_t winning_number) {
  if (!draw_) {
    draw_.emplace(HeldDraw{winning_number, {}});
    return Verdict::kRecord;
  }
  if (draw_->winning_number != winning_number) {
    return make_error_code(StoreError::kDrawHeld);
  }
  return verdict(draw_->change);
}

void StoreRules::wait_for_draw(Completion& done) {
  draw_->change.waiting.push_back(std::move(done));
}

void StoreRules::settle_draw(bool success, std::vector<Completion>& waiting) {
  settle(draw_->change, waiting);
  if (!success) {
    draw_.reset();
  }
}

StoreRules::Verdict StoreRules::verdict(const Change& change) noexcept {
  return change.settled ? Verdict::kSettled : Verdict::kWait;
}

void StoreRules::settle(Change& change, std::vector<Completion>& waiting) {
  change.settled = true;
  std::move(change.waiting.begin(), change.waiting.end(), std::back_inserter(waiting));
  change.waiting.clear();
}

}  // namespace sorteo
