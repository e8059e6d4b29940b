#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

#include "core/draw.hpp"
#include "core/log.hpp"
#include "core/responder.hpp"
#include "core/version2_error.hpp"

namespace sorteo {

struct WaitingRoomOptions {
  std::size_t max_waiting = 100'000;  ///< questions; one more is answered BUSY
  std::size_t at_once = 4096;         ///< questions that are looked at in one go
};

/// Where the questions for the winners wait for the draw (docs/protocol.md, "Winners"): a question
/// costs a little memory and no thread, so tens of thousands may wait. Each is answered once: with
/// the winners when the draw is held, NOT_HELD at its deadline or when its peer has left, CLOSING
/// when the room closes, and BUSY when there is no place.
///
/// Thread-safe. Nothing is answered under its lock, which is held for a time that does not grow
/// with the number of those who wait.
class WaitingRoom final {
 public:
  using Clock = std::chrono::steady_clock;

  /// `draw` and `log` must outlive the room.
  WaitingRoom(WaitingRoomOptions options, const Draw& draw, Log& log) noexcept
      : options_(options), draw_(draw), log_(log) {}
  WaitingRoom(const WaitingRoom&) = delete;
  WaitingRoom& operator=(const WaitingRoom&) = delete;

  /// Takes the question of `agency`, which may wait until `deadline`; what need not wait is
  /// answered at once. Throws std::bad_alloc; `responder` has answered INTERNAL then.
  void wait(std::uint32_t agency, Clock::time_point deadline, Responder responder);

  /// The draw has been held: answers everybody, and from now on at once. For a thread that may be
  /// busy for a while.
  void release() noexcept;

  /// The server stops: answers everybody CLOSING, and from now on at once.
  void close() noexcept;

  /// Answers those whose deadline has come, and some of those whose peer has left: all of them in
  /// the course of size() / at_once calls. To be called from time to time; that decides how
  /// exact the deadlines are.
  void sweep(Clock::time_point now) noexcept;

  /// How many wait.
  std::size_t size() const noexcept;

 private:
  enum class State { kWaiting, kHeld, kClosed };

  struct Question {
    std::uint32_t agency;
    Responder responder;
  };
  using Questions = std::multimap<Clock::time_point, Question>;

  Questions take_all(State state) noexcept;
  Questions take_due(Clock::time_point now) noexcept;
  Questions take_abandoned() noexcept;
  void take(Questions::iterator at, Questions& to) noexcept;
  void answer(Question& question) const noexcept;
  void refuse(Questions& questions, v2::ErrorCode code) const noexcept;

  const WaitingRoomOptions options_;
  const Draw& draw_;
  Log& log_;

  mutable std::mutex mutex_;
  State state_ = State::kWaiting;
  Questions questions_;                             // by their deadlines
  Questions::iterator look_at_ = questions_.end();  // whose peer is looked at next
};

}  // namespace sorteo
