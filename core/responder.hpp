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
};

/// The right to answer one request, once. Move-only, so that it can wait in a callback for the disk
/// without holding a thread. Destroyed unused, it answers `ERROR INTERNAL` by itself: no request
/// stays without an answer.
///
/// One responder is used by one thread at a time; any thread will do.
class Responder final {
 public:
  /// The sink is shared, because the reply may come after the session has ended.
  Responder(std::shared_ptr<ReplySink> sink, std::uint64_t request) noexcept;
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&& other) noexcept;
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder();

  /// Sends the answer and uses the responder up; a responder that was used before or moved from
  /// ignores it.
  void send(Reply reply) noexcept;

 private:
  std::shared_ptr<ReplySink> sink_;
  std::uint64_t request_ = 0;
};

}  // namespace sorteo
