#pragma once

#include <cstdint>
#include <memory>

#include "core/reply.hpp"

namespace sorteo {

/// Where the replies of one session go. The session implements it.
class ReplySink {
 public:
  virtual ~ReplySink() = default;

  /// Takes the reply to the request that the session numbered `request`. Called once for each
  /// request, from any thread, also while that request is being handled, and also after the peer
  /// has gone.
  virtual void deliver(std::uint64_t request, Reply reply) noexcept = 0;

  /// Whether the peer has left, or has at least ended its stream, so that it need not be waited for
  /// any more. Becomes true once. From any thread.
  virtual bool is_abandoned() const noexcept = 0;
};

/// The right to answer one request, once. Move-only, so that it can wait in a callback for the disk
/// without holding a thread. Destroyed unused, it answers internal_reply() by itself: no request
/// stays without an answer.
///
/// One responder is used by one thread at a time; any thread will do.
class Responder final {
 public:
  /// The sink is shared, because the reply may come after the session has ended. `type` is that of
  /// the request, and decides in which form it is answered when nobody answers it.
  Responder(std::shared_ptr<ReplySink> sink, std::uint64_t request, std::uint8_t type) noexcept;
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&& other) noexcept;
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder();

  /// Sends the answer and uses the responder up; a responder that was used before or moved from
  /// ignores it.
  void send(Reply reply) noexcept;

  /// The type of the request.
  std::uint8_t type() const noexcept { return type_; }

  /// Whether nobody waits for the answer any more: see ReplySink. An answer is then still right,
  /// and lets the session end. True when the responder has been used.
  bool is_abandoned() const noexcept { return sink_ == nullptr || sink_->is_abandoned(); }

 private:
  std::shared_ptr<ReplySink> sink_;
  std::uint64_t request_ = 0;
  std::uint8_t type_ = 0;
};

}  // namespace sorteo
