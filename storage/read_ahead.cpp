#include "storage/read_ahead.hpp"

#include <algorithm>
#include <exception>

namespace sorteo {

ReadAheadOptions ReadAheadOptions::for_this_machine() noexcept {
  constexpr unsigned kMostThreads = 8;
  return {.threads = std::clamp(std::thread::hardware_concurrency(), 1U, kMostThreads) - 1};
}

ReadAhead::ReadAhead(const ReadAheadOptions& options, PartVisitor* parts)
    : options_(options), parts_(parts) {}

ReadAhead::~ReadAhead() {
  stop();
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  may_begin_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void ReadAhead::start(const Stretch& stretch) noexcept {
  stop();
  if (options_.threads == 0 || stretch.end < stretch.from ||
      stretch.end - stretch.from < options_.block_bytes) {
    return;
  }
  try {
    start_threads();
  } catch (const std::exception&) {
    // Those that did start are enough.
  }
  if (threads_.empty()) {
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    left_ = stretch;
    is_running_ = true;
  }
  is_started_ = true;
  may_begin_.notify_all();
}

void ReadAhead::start_threads() {
  slots_.reserve(2 * options_.threads + 2);
  while (slots_.size() < slots_.capacity()) {
    slots_.emplace_back(options_.block_bytes);
  }
  threads_.reserve(options_.threads);
  while (threads_.size() < options_.threads) {
    threads_.emplace_back([this] { run(); });
  }
}

void ReadAhead::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    may_begin_.wait(lock, [this] { return is_ending_ || may_begin(); });
    if (is_ending_) {
      return;
    }
    fill_next(lock);
  }
}

bool ReadAhead::may_begin() const noexcept {
  return is_running_ && begun_ - taken_ < slots_.size();
}

// Called, and returns, with the mutex held.
void ReadAhead::fill_next(std::unique_lock<std::mutex>& lock) noexcept {
  Slot& slot = slots_[begun_++ % slots_.size()];
  const Stretch stretch = left_;
  left_.from += options_.block_bytes;
  is_running_ = left_.from < left_.end;
  ++busy_;
  lock.unlock();
  // The bytes are checked by who has read them, because they are still in the cache of its CPU.
  const bool is_good = slot.block.read(*stretch.file, stretch.base, stretch.from, stretch.end) &&
                       slot.block.check(stretch.log_id, parts_);
  lock.lock();
  is_running_ = is_running_ && is_good;
  slot.is_ready = true;
  --busy_;
  is_ready_.notify_one();
}

std::optional<ByteView> ReadAhead::at(std::uint64_t offset) noexcept {
  if (current_ != nullptr) {
    if (const auto record = current_->at(offset)) {
      return record;
    }
  }
  if (!is_started_) {
    return std::nullopt;
  }
  current_ = next_block();
  // What stands in it before the next record would be no record, but bytes within the last one.
  if (current_ == nullptr || !current_->begins_at(offset)) {
    stop();
    return std::nullopt;
  }
  return current_->at(offset);
}

// Gives back the block that was used, and waits for the one behind it. Null when there is none.
RecordBlock* ReadAhead::next_block() noexcept {
  std::unique_lock lock(mutex_);
  if (current_ != nullptr) {
    slots_[taken_++ % slots_.size()].is_ready = false;
    may_begin_.notify_one();
  }
  Slot& next = slots_[taken_ % slots_.size()];
  while (!next.is_ready && (may_begin() || busy_ > 0)) {
    if (may_begin()) {
      fill_next(lock);
    } else {
      is_ready_.wait(lock);
    }
  }
  return next.is_ready ? &next.block : nullptr;
}

void ReadAhead::stop() noexcept {
  std::unique_lock lock(mutex_);
  is_running_ = false;
  is_ready_.wait(lock, [this] { return busy_ == 0; });
  for (Slot& slot : slots_) {
    slot.is_ready = false;
    slot.block.clear();
  }
  begun_ = 0;
  taken_ = 0;
  current_ = nullptr;
  is_started_ = false;
}

}  // namespace sorteo
