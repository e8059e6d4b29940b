#include "storage/lost_records.hpp"

#include "storage/log_failure.hpp"
#include "storage/record_search.hpp"

namespace sorteo {
namespace {

void count(const RecordSearch::Found& found, RepairPlan& plan) {
  ++plan.cut_records;
  std::uint32_t bets = 0;
  if (found.header.type == static_cast<std::uint8_t>(RecordType::kBatch)) {
    const auto batch = decode_batch_payload(found.payload);
    bets = batch ? batch->size() : 0;
  } else if (found.header.type == static_cast<std::uint8_t>(RecordType::kIdentifiedBatch)) {
    const auto identity = decode_identity(found.payload);
    bets = identity ? identity->count : 0;
  }
  plan.cut_batches += bets > 0 ? 1 : 0;
  plan.cut_bets += bets;
}

}  // namespace

std::optional<StoreFailure> count_lost(const FileSystem& files, const std::string& path,
                                       std::uint64_t offset, std::uint64_t log_id,
                                       RepairPlan& plan) {
  const auto file = files.open(path, FileSystem::Open::kRead);
  if (file.has_error()) {
    return cannot("open", path, file.error());
  }
  const auto size = (*file)->size();
  if (size.has_error()) {
    return unreadable(path, 0, size.error());
  }
  FileWindow window(**file, *size);
  const auto end = end_of_content(window, offset);
  if (end.has_error()) {
    return unreadable(path, offset, end.error());
  }
  plan.cut_bytes += *end - offset;
  RecordSearch search(window, offset, log_id);
  while (true) {
    const auto found = search.next();
    if (found.has_error()) {
      return unreadable(path, offset, found.error());
    }
    if (!*found) {
      return std::nullopt;
    }
    count(**found, plan);
  }
}

}  // namespace sorteo
