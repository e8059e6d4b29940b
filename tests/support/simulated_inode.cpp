#include "tests/support/simulated_inode.hpp"

#include <algorithm>
#include <cstring>

namespace sorteo::test {
namespace {

// Older ones than these are no longer told apart: a sector that is written again and again between
// two syncs would keep them all.
constexpr std::size_t kMaxVersions = 8;

std::size_t sectors_in(std::uint64_t bytes) noexcept {
  return static_cast<std::size_t>((bytes + kSectorBytes - 1) / kSectorBytes);
}

}  // namespace

SimulatedInode::Sector SimulatedInode::sector_of(const std::string& bytes,
                                                 std::size_t index) noexcept {
  Sector sector{};
  const std::size_t begin = index * kSectorBytes;
  if (begin < bytes.size()) {
    std::memcpy(sector.data(), bytes.data() + begin, std::min(kSectorBytes, bytes.size() - begin));
  }
  return sector;
}

// As far as `bytes` goes.
void SimulatedInode::put(std::string& bytes, std::size_t index,
                         const Sector& sector) const noexcept {
  const std::size_t begin = index * kSectorBytes;
  if (begin < bytes.size()) {
    std::memcpy(bytes.data() + begin, sector.data(), std::min(kSectorBytes, bytes.size() - begin));
  }
}

// Remembers what the sectors hold before they are changed.
void SimulatedInode::touch(std::size_t first, std::size_t last) {
  for (std::size_t index = first; index < last; ++index) {
    given_up_.erase(index);
    const auto [found, is_first] = waiting_.try_emplace(index);
    if (is_first) {
      continue;  // what it held is on the disk
    }
    if (found->second.size() == kMaxVersions) {
      found->second.erase(found->second.begin());
    }
    found->second.push_back(sector_of(content_, index));
  }
}

std::size_t SimulatedInode::read(std::span<std::byte> to, std::uint64_t offset) const noexcept {
  if (offset >= content_.size()) {
    return 0;
  }
  const std::size_t size = std::min<std::size_t>(to.size(), content_.size() - offset);
  std::memcpy(to.data(), content_.data() + offset, size);
  return size;
}

void SimulatedInode::write(ByteView from, std::uint64_t offset) {
  if (from.empty()) {
    return;
  }
  const std::size_t end = static_cast<std::size_t>(offset) + from.size();
  touch(static_cast<std::size_t>(offset) / kSectorBytes, sectors_in(end));
  if (end > content_.size()) {
    content_.resize(end);
    sizes_.push_back(end);
  }
  std::memcpy(content_.data() + offset, from.data(), from.size());
}

void SimulatedInode::truncate(std::uint64_t size) {
  if (size == content_.size()) {
    return;
  }
  const std::uint64_t low = std::min<std::uint64_t>(size, content_.size());
  touch(static_cast<std::size_t>(low) / kSectorBytes, sectors_in(content_.size()));
  content_.resize(static_cast<std::size_t>(size));
  sizes_.push_back(size);
}

void SimulatedInode::sync() {
  durable_.resize(content_.size());
  for (const auto& [index, versions] : waiting_) {
    put(durable_, index, sector_of(content_, index));
  }
  waiting_.clear();
  sizes_ = {content_.size()};
}

void SimulatedInode::fail_sync(SeededRandom& random) {
  for (auto waiting = waiting_.begin(); waiting != waiting_.end();) {
    const std::size_t index = waiting->first;
    const std::size_t fate = random.below(3);
    if (fate == 0) {
      ++waiting;
      continue;
    }
    if (fate == 1 && durable_.size() < std::min(content_.size(), (index + 1) * kSectorBytes)) {
      // It reached the disk, and the size that makes it part of the file has not: to the next power
      // cut it is as if it waited.
      ++waiting;
      continue;
    }
    if (fate == 1) {
      put(durable_, index, sector_of(content_, index));
    } else {
      given_up_.insert(index);
    }
    waiting = waiting_.erase(waiting);
  }
  if (random.chance(25)) {
    drop_cache();
  }
}

void SimulatedInode::drop_cache() {
  for (const std::size_t index : given_up_) {
    put(content_, index, sector_of(durable_, index));
  }
  given_up_.clear();
}

void SimulatedInode::cut_power(SeededRandom& random, unsigned survival) {
  if (waiting_.empty() && sizes_.size() == 1) {
    drop_cache();
    return;
  }
  const std::uint64_t size =
      random.chance(survival) ? sizes_.back() : sizes_[random.below(sizes_.size())];
  const std::string before = durable_;
  durable_.resize(static_cast<std::size_t>(size));
  for (const auto& [index, versions] : waiting_) {
    if (random.chance(survival)) {
      put(durable_, index, sector_of(content_, index));
      continue;
    }
    const std::size_t which = random.below(versions.size() + 1);
    put(durable_, index, which == 0 ? sector_of(before, index) : versions[which - 1]);
  }
  content_ = durable_;
  waiting_.clear();
  given_up_.clear();
  sizes_ = {size};
}

}  // namespace sorteo::test
