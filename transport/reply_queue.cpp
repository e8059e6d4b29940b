#include "transport/reply_queue.hpp"

#include <algorithm>
#include <utility>

#include "transport/reply_encoding.hpp"

namespace sorteo {

ReplyQueue::ReplyQueue(std::size_t capacity, Wake wake) noexcept
    : capacity_(std::max<std::size_t>(capacity, 1)), wake_(std::move(wake)) {}

std::uint64_t ReplyQueue::open() {
  if (in_flight() == 0) {
    first_ = opened_;  // so that a peer who asks one thing at a time needs one chunk
  }
  if (chunks_ == nullptr) {
    chunks_ = std::make_unique<Chunk[]>((capacity_ - 1) / kSlotsInChunk + 1);
  }
  Chunk& chunk = chunks_[place_of(opened_) / kSlotsInChunk];
  if (chunk == nullptr) {
    chunk = std::make_unique<Slot[]>(kSlotsInChunk);
  }
  return opened_++;
}

void ReplyQueue::deliver(std::uint64_t request, Reply reply) noexcept {
  if (closed_.load(std::memory_order_acquire)) {
    return;
  }
  Slot& slot = slot_of(request);
  slot.reply = std::move(reply);
  slot.next = mail_.load(std::memory_order_relaxed);
  while (!mail_.compare_exchange_weak(slot.next, &slot, std::memory_order_release,
                                      std::memory_order_relaxed)) {
  }
  // From here on the slot belongs to the session's thread.
  if (std::this_thread::get_id() == owner_ && collecting_) {
    return;
  }
  // Pairs with acknowledge_wake(): a wake-up that is still on its way will see this reply.
  if (!is_waking_.exchange(true, std::memory_order_acq_rel)) {
    try {
      wake_();
    } catch (...) {
      // No memory to wake anybody: the next reply tries again, and the session looks from time to
      // time by itself.
      is_waking_.store(false, std::memory_order_release);
    }
  }
}

void ReplyQueue::acknowledge_wake() noexcept {
  is_waking_.exchange(false, std::memory_order_acq_rel);
}

void ReplyQueue::collect(std::string& out) {
  if (has_mail()) {
    for (Slot* slot = mail_.exchange(nullptr, std::memory_order_acquire); slot != nullptr;
         slot = slot->next) {
      slot->is_ready = true;
      held_bytes_ += slot->reply.payload.size();
    }
  }
  while (collected_ != opened_ && slot_of(collected_).is_ready) {
    Slot& slot = slot_of(collected_);
    encode_reply(out, slot.reply);
    accepts_go_away_ = accepts_go_away_ || slot.reply.accepts_go_away;
    held_bytes_ -= slot.reply.payload.size();
    slot.reply = {};
    slot.is_ready = false;
    ++collected_;
  }
}

void ReplyQueue::release() noexcept {
  if (in_flight() == 0) {
    chunks_.reset();
  }
}

}  // namespace sorteo
