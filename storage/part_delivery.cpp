#include "storage/part_delivery.hpp"

#include <utility>

#include "storage/record_batch.hpp"
#include "storage/record_block.hpp"

namespace sorteo {
namespace {

// So that a part is worth taking, though nothing was read ahead.
constexpr std::size_t kEnough = 64 * 1024;

}  // namespace

bool PartDelivery::accept(const LogReader& reader) {
  const LogReader::Record& record = reader.record();
  if (!visit(record)) {
    return false;
  }
  if (parts_ == nullptr) {
    return true;
  }
  const RecordBlock* block = reader.block();
  if (block == nullptr || block->part() == nullptr) {
    gather(record.bytes());
    return own_bytes_ < kEnough || bring_own();
  }
  const ByteView all = block->records();
  const auto accepted =
      static_cast<std::size_t>(record.payload.data() + record.payload.size() - all.data());
  held_ = all.first(accepted);
  if (accepted < all.size()) {
    return true;
  }
  held_ = {};
  return bring_own() && parts_->take(*block->part());
}

// A part cannot take back what it has seen: so one of a block of which only the beginning is good
// is left alone, and another one sees the beginning.
bool PartDelivery::flush() {
  gather(std::exchange(held_, {}));
  return bring_own();
}

bool PartDelivery::visit(const LogReader::Record& record) {
  if (visitor_ == nullptr) {
    return true;
  }
  const auto batch = batch_in(record.type, record.payload);
  return !batch || visitor_->visit(*batch);
}

void PartDelivery::gather(ByteView records) {
  own_bytes_ += records.size();
  while (!records.empty()) {
    if (own_ == nullptr) {
      own_ = parts_->make_part();
    }
    const ByteView record = RecordBlock::first_of(records);
    if (const auto batch = batch_in(record)) {
      own_->add(*batch);
    }
    records = records.subspan(record.size());
  }
}

bool PartDelivery::bring_own() { return std::exchange(own_bytes_, 0) == 0 || parts_->take(*own_); }

}  // namespace sorteo
