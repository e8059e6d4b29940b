#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "core/responder.hpp"
#include "core/unique_function.hpp"

namespace sorteo {

/// Puts the replies of one session into the order of its requests. Replies come from any thread and
/// in any order, without a lock: each request in flight has its slot, and a slot that is filled is
/// pushed onto a stack that the session takes as a whole.
///
/// Lives on after its session, for the replies that come too late. Except for deliver(), everything
/// belongs to the session's thread, which is the one that makes the queue.
class ReplyQueue final : public ReplySink {
 public:
  /// Asks the session's thread to call acknowledge_wake() and collect(). Called from any thread,
  /// and not again before acknowledge_wake().
  using Wake = UniqueFunction<void()>;

  /// `capacity`: how many requests may be open at once, at least 1.
  ReplyQueue(std::size_t capacity, Wake wake) noexcept;
  ReplyQueue(const ReplyQueue&) = delete;
  ReplyQueue& operator=(const ReplyQueue&) = delete;

  /// While it lives, replies from the session's own thread wake nobody, because the session is
  /// going to collect() anyway.
  class Collecting final {
   public:
    explicit Collecting(ReplyQueue& queue) noexcept : queue_(queue) { queue_.collecting_ = true; }
    ~Collecting() { queue_.collecting_ = false; }
    Collecting(const Collecting&) = delete;
    Collecting& operator=(const Collecting&) = delete;

   private:
    ReplyQueue& queue_;
  };

  /// Opens the next request and returns its number, for its Responder. Not when is_full().
  std::uint64_t open();

  /// Takes a reply; see ReplySink. After close() it is dropped.
  void deliver(std::uint64_t request, Reply reply) noexcept override;

  bool is_abandoned() const noexcept override { return abandoned_.load(std::memory_order_acquire); }

  /// The peer has ended its stream, or has gone.
  void abandon() noexcept { abandoned_.store(true, std::memory_order_release); }

  /// The wake-up has arrived; call it before the collect() that it asked for.
  void acknowledge_wake() noexcept;

  /// Whether replies were delivered since the last collect().
  bool has_mail() const noexcept { return mail_.load(std::memory_order_relaxed) != nullptr; }

  /// Appends, encoded, the replies whose turn has come: all those delivered up to the oldest
  /// request that is still unanswered.
  void collect(std::string& out);

  /// Whether a reply that collect() has appended says that the peer understands a GoAway.
  bool accepts_go_away() const noexcept { return accepts_go_away_; }

  /// Requests that collect() has not appended the reply of.
  std::size_t in_flight() const noexcept { return static_cast<std::size_t>(opened_ - collected_); }
  bool is_full() const noexcept { return in_flight() >= capacity_; }

  /// Bytes of the replies that collect() has seen and that wait behind an unanswered request.
  std::size_t held_bytes() const noexcept { return held_bytes_; }

  /// Gives the memory of the slots back if no request is in flight.
  void release() noexcept;

  /// The session has ended: replies are dropped from now on, and nobody is woken.
  void close() noexcept {
    abandon();
    closed_.store(true, std::memory_order_release);
  }

 private:
  struct Slot {
    Slot* next = nullptr;  // in the stack of mail
    Reply reply;
    bool is_ready = false;  // seen by collect(); the session's thread only
  };

  /// Slots are made a few at a time: most connections never have many requests in flight.
  static constexpr std::size_t kSlotsInChunk = 8;
  using Chunk = std::unique_ptr<Slot[]>;

  std::size_t place_of(std::uint64_t request) const noexcept {
    return static_cast<std::size_t>(request - first_) % capacity_;
  }
  Slot& slot_of(std::uint64_t request) noexcept {
    const std::size_t place = place_of(request);
    return chunks_[place / kSlotsInChunk][place % kSlotsInChunk];
  }

  const std::size_t capacity_;
  const std::thread::id owner_ = std::this_thread::get_id();
  Wake wake_;
  // Who delivers reads these two as they were when the request was opened: what belongs to a
  // request in flight is never changed.
  std::unique_ptr<Chunk[]> chunks_;  // none before the first request
  std::uint64_t first_ = 0;          // the request whose slot is the first

  std::uint64_t opened_ = 0;     // the number of the next request
  std::uint64_t collected_ = 0;  // the number of the oldest request in flight
  std::size_t held_bytes_ = 0;
  bool collecting_ = false;
  bool accepts_go_away_ = false;

  // Other threads write here.
  std::atomic<Slot*> mail_ = nullptr;
  std::atomic<bool> is_waking_ = false;
  std::atomic<bool> closed_ = false;
  std::atomic<bool> abandoned_ = false;
};

}  // namespace sorteo
