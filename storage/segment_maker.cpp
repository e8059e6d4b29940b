#include "storage/segment_maker.hpp"

#include <algorithm>
#include <boost/system/errc.hpp>
#include <exception>
#include <utility>

#include "storage/file_io.hpp"
#include "storage/segment_header.hpp"
#include "storage/store_files.hpp"

namespace sorteo {
namespace {

// A sync of much at once, from the system's cache, would hold up the commits that go on beside it.
constexpr std::uint64_t kSyncStep = 4 * 1024 * 1024;

// For how long a segment that is needed is written on.
constexpr std::uint64_t kDirectStep = 1024 * 1024;

}  // namespace

SegmentMaker::SegmentMaker(const FileSystem& files, std::string directory,
                           const SegmentSizes& sizes, Background& background)
    : files_(files),
      directory_(std::move(directory)),
      path_(within(directory_, kNextSegmentName)),
      sizes_(sizes),
      background_(background) {}

void SegmentMaker::prepare_after(std::uint64_t capacity) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (is_making_ || ready_ || gave_up_ahead_) {
      return;
    }
    is_making_ = true;
    is_hasty_ = !pace_.next_is_written();
  }
  try {
    background_.post([this, capacity] { make_ahead(size_after(capacity)); });
  } catch (const std::exception&) {
    // It is made when it is needed.
    const std::lock_guard lock(mutex_);
    is_making_ = false;
  }
}

void SegmentMaker::make_ahead(std::uint64_t capacity) noexcept {
  std::optional<PreparedSegment> made;
  try {
    if (auto result = make(capacity); result.has_value()) {
      made = std::move(*result);
    }
  } catch (const std::exception&) {
    // It is made when it is needed.
  }
  const std::lock_guard lock(mutex_);
  is_making_ = false;
  gave_up_ahead_ = !made;
  ready_ = std::move(made);
  changed_.notify_all();
}

boost::system::result<PreparedSegment, SegmentMaker::Refusal> SegmentMaker::take(
    std::uint64_t capacity, std::uint64_t least) {
  std::optional<PreparedSegment> ready;
  {
    std::unique_lock lock(mutex_);
    pace_.note_need(is_making_);
    is_hasty_ = true;
    changed_.wait(lock, [this] { return !is_making_; });
    ready = std::exchange(ready_, std::nullopt);
    gave_up_ahead_ = false;
  }
  if (ready && ready->capacity >= least) {
    return std::move(*ready);
  }
  ready.reset();
  const std::uint64_t smallest = std::max(sizes_.first, File::whole_blocks(least));
  const std::uint64_t wanted = std::max(size_after(capacity), smallest);
  auto made = make(found_no_room_ ? smallest : wanted);
  if (made.has_error() && is_full(made.error().error) && !found_no_room_ && wanted > smallest) {
    made = make(smallest);
  }
  found_no_room_ = made.has_error() && is_full(made.error().error);
  return made;
}

void SegmentMaker::discard(PreparedSegment segment) noexcept {
  segment.file.reset();
  static_cast<void>(files_.remove(path_));
}

void SegmentMaker::close() noexcept {
  is_hasty_ = true;
  background_.stop();
  if (ready_) {
    discard(std::move(*ready_));
    ready_.reset();
  }
}

std::uint64_t SegmentMaker::size_after(std::uint64_t capacity) const noexcept {
  return std::clamp(2 * capacity, sizes_.first, std::max(sizes_.first, sizes_.most));
}

boost::system::result<PreparedSegment, SegmentMaker::Refusal> SegmentMaker::make(
    std::uint64_t capacity) {
  auto file = files_.open(path_, FileSystem::Open::kCreate);
  if (file.has_error()) {
    return Refusal{file.error(), true};
  }
  if (const auto error = fill(**file, capacity)) {
    discard({std::move(*file), capacity});
    return Refusal{error, is_full(error)};
  }
  return PreparedSegment{std::move(*file), capacity};
}

boost::system::error_code SegmentMaker::fill(File& file, std::uint64_t capacity) {
  const bool is_direct = capacity % File::kBlock == 0 && file.bypass_cache();
  bool can_allocate = is_direct;
  for (std::uint64_t done = 0; done < capacity;) {
    if (can_allocate && is_hasty_) {
      const auto error = file.allocate(capacity);
      if (!error) {
        return file.sync();
      }
      if (error != boost::system::errc::not_supported &&
          error != boost::system::errc::interrupted) {
        return error;
      }
      can_allocate = false;
    }
    const std::uint64_t part = std::min(is_direct ? kDirectStep : kSyncStep, capacity - done);
    if (const auto error = write_zeros(file, done, part)) {
      return error;
    }
    done += part;
    // What went past the cache leaves nothing to be written.
    if (const auto error = done == capacity ? file.sync()
                           : is_direct      ? boost::system::error_code()
                                            : file.sync_data()) {
      return error;
    }
  }
  return {};
}

}  // namespace sorteo
