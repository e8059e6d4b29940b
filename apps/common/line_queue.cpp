#include "apps/common/line_queue.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sorteo {
namespace {

// So late at most does a line leave that comes on the heels of another.
constexpr std::chrono::milliseconds kRest{5};

}  // namespace

void LineQueue::Block::clear() noexcept {
  text.clear();
  lines = 0;
  lost_lines = 0;
}

LineQueue::LineQueue(std::size_t max_bytes)
    : blocks_(std::max<std::size_t>(
          max_bytes / kBlockBytes + (max_bytes % kBlockBytes == 0 ? 0 : 1), 1)) {}

void LineQueue::push(std::string_view line) {
  bool is_awaited = false;
  {
    const std::lock_guard lock(mutex_);
    Block* last = count_ > 0 ? &blocks_[(first_ + count_ - 1) % blocks_.size()] : nullptr;
    if (last == nullptr || last->text.size() + line.size() > kBlockBytes) {
      last = &begin_block();
    }
    last->text += line;
    ++last->lines;
    is_awaited = std::exchange(is_awaited_, false);
  }
  if (is_awaited) {
    wake_.notify_one();
  }
}

// An empty one behind the last; if need be at the cost of the oldest.
LineQueue::Block& LineQueue::begin_block() {
  if (count_ == blocks_.size()) {
    lost_lines_ += blocks_[first_].lines;
    blocks_[first_].clear();
    first_ = (first_ + 1) % blocks_.size();
    --count_;
  }
  Block& block = blocks_[(first_ + count_) % blocks_.size()];
  block.text.reserve(kBlockBytes);
  ++count_;
  return block;
}

bool LineQueue::take(Block& block) {
  block.clear();
  std::unique_lock lock(mutex_);
  while (count_ == 0 && !is_closed_) {
    is_awaited_ = true;
    wake_.wait(lock);
  }
  is_awaited_ = false;
  if (count_ == 0) {
    return false;
  }
  std::swap(block, blocks_[first_]);
  block.lost_lines = std::exchange(lost_lines_, 0);
  if (--count_ > 0) {
    first_ = (first_ + 1) % blocks_.size();
  }  // else the next line goes into the memory that was just given back
  return true;
}

void LineQueue::rest() {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, kRest, [this] { return is_closed_ || count_ > 1; });
}

void LineQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  wake_.notify_one();
}

}  // namespace sorteo
