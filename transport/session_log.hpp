#pragma once

#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstddef>
#include <exception>
#include <string_view>

#include "core/handler.hpp"
#include "core/log.hpp"
#include "transport/frame_decoder.hpp"

namespace sorteo {

/// The log lines of one session; each names the peer. Thread-safe.
class SessionLog final {
 public:
  /// Both outlive this.
  SessionLog(Log& log, const Peer& peer) noexcept : log_(log), peer_(peer) {}

  void opened() const;

  /// The session has ended; by `exception`, which is none as a rule, when it could not go on.
  void closed(std::exception_ptr exception) const;

  /// TLS has begun, in `version`.
  void handshaken(std::string_view version) const;

  /// TLS could not begin; at which stage, and why.
  void handshake_failed(std::string_view stage, std::string_view problem) const;

  /// The peer sent a frame that cannot be right.
  void rejected(const FrameFault& fault, std::size_t limit) const;

  /// The peer asked for something that nobody serves; the connection goes on.
  void unsupported(const Message& message) const;

  /// The peer ended its stream after `received` bytes of a frame.
  void frame_cut(std::size_t received) const;

  /// The peer took too long; `pending` bytes are left of what was being received or sent.
  void timed_out(TransportError error, std::chrono::milliseconds timeout,
                 std::size_t pending) const;

  /// The connection broke.
  void broken(std::string_view action, boost::system::error_code error) const;

  /// A handler let `exception` out.
  void handler_threw(const Handler& handler, unsigned type, std::exception_ptr exception) const;

 private:
  Log& log_;
  const Peer& peer_;
};

}  // namespace sorteo
