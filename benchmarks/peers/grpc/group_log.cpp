#include "benchmarks/peers/grpc/group_log.hpp"

#include <utility>

namespace sorteo::peers {

namespace {

constexpr std::size_t kHeaderBytes = 8;  // length:u32 agency:u32

}  // namespace

GroupLog::GroupLog(const std::string& directory, std::uint64_t space_bytes)
    : space_(directory, space_bytes), thread_([this] { run(); }) {}

GroupLog::~GroupLog() { stop(); }

std::uint64_t GroupLog::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  has_work_.notify_one();
  if (thread_.joinable()) {
    thread_.join();
  }
  return space_.appended();
}

void GroupLog::append(std::uint32_t agency, std::span<const ByteView> pieces,
                      const std::shared_ptr<GroupListener>& listener, std::uint64_t sequence,
                      Place& place) {
  std::size_t size = 0;
  for (const ByteView piece : pieces) {
    size += piece.size();
  }
  std::unique_lock lock(mutex_);
  const bool was_empty = gathering_.bytes.empty();
  std::byte header[kHeaderBytes];
  store_u32(header, static_cast<std::uint32_t>(size));
  store_u32(header + 4, agency);
  gathering_.bytes.insert(gathering_.bytes.end(), header, header + kHeaderBytes);
  for (const ByteView piece : pieces) {
    gathering_.bytes.insert(gathering_.bytes.end(), piece.begin(), piece.end());
  }
  if (place.group == number_) {
    gathering_.told[place.index].through = sequence;
  } else {
    place = {number_, gathering_.told.size()};
    gathering_.told.push_back({listener, sequence});
  }
  lock.unlock();
  if (was_empty) {
    has_work_.notify_one();
  }
}

void GroupLog::run() {
  Group group;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      has_work_.wait(lock, [this] { return stopped_ || !gathering_.bytes.empty(); });
      if (gathering_.bytes.empty()) {
        return;
      }
      std::swap(group, gathering_);
      ++number_;
    }
    space_.append(group.bytes);
    space_.sync();
    for (const Told& told : group.told) {
      told.listener->durable(told.through);
    }
    group.bytes.clear();
    group.told.clear();
  }
}

}  // namespace sorteo::peers
