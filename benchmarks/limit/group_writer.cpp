#include "benchmarks/limit/group_writer.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace sorteo::limit {

namespace {

// The blocks that `bytes` of a ring are in. What stands beside them in the first and the last one
// is written along, whatever it is: nobody reads it.
ByteView blocks_of(ByteView bytes) noexcept {
  constexpr std::size_t kBlock = WrittenSpace::kBlockBytes;
  const std::size_t before = reinterpret_cast<std::uintptr_t>(bytes.data()) % kBlock;
  const std::size_t size = (before + bytes.size() + kBlock - 1) / kBlock * kBlock;
  return {bytes.data() - before, size};
}

}  // namespace

GroupWriter::GroupWriter(WrittenSpace& space, std::vector<Source> sources)
    : space_(space), sources_(std::move(sources)), ends_(sources_.size()) {}

void GroupWriter::run() {
  while (!stopped_) {
    if (write_group()) {
      continue;
    }
    // In this order, and both sequentially consistent: whoever fills a ring looks at `asleep_`
    // afterwards, so one of the two sees the other.
    asleep_ = true;
    if (has_work() || stopped_) {
      asleep_ = false;
      continue;
    }
    asleep_.wait(true);
  }
}

void GroupWriter::wake() noexcept {
  if (asleep_.load() && asleep_.exchange(false)) {
    asleep_.notify_one();
  }
}

void GroupWriter::stop() noexcept {
  stopped_ = true;
  wake();
}

bool GroupWriter::write_group() {
  bool any = false;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const ByteRing& ring = *sources_[i].ring;
    ends_[i] = ring.filled();
    for (std::uint64_t at = ring.emptied(); at < ends_[i];) {
      const ByteView piece = ring.piece(at, ends_[i]);
      space_.append(space_.way() == WriteWay::kDirect ? blocks_of(piece) : piece);
      at += piece.size();
      any = true;
    }
  }
  if (!any) {
    return false;
  }
  space_.sync();
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i].ring->emptied() < ends_[i]) {
      sources_[i].ring->empty_up_to(ends_[i]);
      sources_[i].when_durable();
    }
  }
  return true;
}

bool GroupWriter::has_work() const noexcept {
  return std::ranges::any_of(sources_, [](const Source& source) {
    return source.ring->filled() != source.ring->emptied();
  });
}

}  // namespace sorteo::limit
