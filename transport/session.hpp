#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <memory>

#include "core/handler_registry.hpp"
#include "core/log.hpp"
#include "transport/frame_decoder.hpp"
#include "transport/reply_queue.hpp"
#include "transport/send_buffer.hpp"
#include "transport/session_limits.hpp"
#include "transport/session_log.hpp"
#include "transport/signal.hpp"
#include "transport/tls_stream.hpp"

namespace sorteo {

/// What every session of an I/O thread needs. The references outlive all sessions; the limits may
/// change between two calls.
struct SessionEnvironment {
  const HandlerRegistry& handlers;
  Log& log;
  SessionLimits limits;
};

/// One connection, from its first byte to its last: receives frames, gives each to its handler, and
/// sends the replies in the order of the requests. Lives on one I/O thread, on which every function
/// is called.
///
/// Shared, because a write that is under way and the coroutine each need it, and either may be the
/// last. Replies that come after its end find only its ReplyQueue.
class Session final : public std::enable_shared_from_this<Session> {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Clock = std::chrono::steady_clock;

  /// `tls` is there when TLS is spoken, and then `asks_for_certificate` says whether the peer's
  /// certificate tells who it is. `context` is the socket's. Shared, because a late reply may still
  /// want to wake the session when the server and its threads are gone.
  static std::shared_ptr<Session> open(Socket socket, Peer peer, std::unique_ptr<TlsStream> tls,
                                       bool asks_for_certificate,
                                       std::shared_ptr<boost::asio::io_context> context,
                                       const SessionEnvironment& environment);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Serves the connection until its end.
  static boost::asio::awaitable<void> run(std::shared_ptr<Session> self);

  /// Receives no more; what is in flight is still answered.
  void drain();

  /// The same because the server stops, which a peer that understands it is told by a GoAway.
  void go_away() noexcept;

  /// Ends the connection at once. True when that cost the peer an answer.
  bool cut() noexcept;

  /// Enforces the timeouts. To be called from time to time; that decides how exact they are. True
  /// when the session is about to give its memory back, because it has become idle.
  bool check(Clock::time_point now);

  /// Who is served: from the end of the handshake on, with the agencies of the certificate.
  const Peer& peer() const noexcept { return peer_; }

  /// Where the session's own lines go.
  const SessionLog& log() const noexcept { return log_; }

 private:
  enum class Phase { kHandshaking, kReceiving, kAnswering, kLingering, kEnded };
  enum class Buffered { kNeedsBytes, kMustWait, kEnded };

  Session(Socket socket, Peer peer, std::unique_ptr<TlsStream> tls, bool asks_for_certificate,
          const SessionEnvironment& environment);

  boost::asio::awaitable<bool> handshake();
  boost::asio::awaitable<void> wait(Socket::wait_type event, boost::system::error_code& error);
  bool begins_with_tls();
  void note_handshake();
  boost::asio::awaitable<void> receive();
  boost::asio::awaitable<std::size_t> read_by_tls(boost::system::error_code& error);
  boost::asio::awaitable<void> close();

  bool note_received(boost::system::error_code error, std::size_t count);
  void rest();

  Buffered dispatch_buffered();
  void dispatch(const Message& message);
  void reject(const FrameFault& fault);
  void refuse_unsupported(const Message& message);

  void pump() noexcept;
  void flush();
  void send();
  void send_by_tls();
  void on_sent(boost::system::error_code error, std::size_t count) noexcept;
  void say_goodbye();
  bool has_unanswered() const noexcept;
  bool must_wait() const noexcept;
  bool is_idle() const noexcept;

  Socket socket_;
  Peer peer_;
  const SessionLog log_;
  const SessionEnvironment& environment_;
  std::unique_ptr<TlsStream> tls_;  // none where the bytes go as they are
  const bool asks_for_certificate_;
  std::shared_ptr<ReplyQueue> replies_;  // shared with the responders

  Phase phase_ = Phase::kReceiving;
  bool is_cut_ = false;
  Clock::time_point active_at_ = Clock::now();  // when bytes last came or went

  FrameDecoder decoder_;
  boost::asio::cancellation_signal stop_read_;
  bool is_receiving_ = true;      // becomes false once
  bool is_reading_ = false;       // a read waits for bytes
  bool is_resting_;               // without a buffer until bytes are there
  bool is_in_frame_ = false;      // the read waits for the rest of a frame
  bool is_peer_done_ = false;     // the peer has ended its stream
  bool is_going_away_ = false;    // a GoAway is to be sent to a peer that understands it
  Clock::time_point frame_at_{};  // when that frame began

  SendBuffer unsent_;
  Clock::time_point progress_at_{};  // when the write began or last went on

  Signal change_;  // for the coroutine: room for more requests, or answers on their way
};

}  // namespace sorteo
