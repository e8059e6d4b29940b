#include "transport/session.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "core/reply.hpp"
#include "core/version2_reply.hpp"
#include "transport/closing.hpp"
#include "transport/peer_watch.hpp"
#include "transport/reply_encoding.hpp"
#include "transport/wake_memory.hpp"

namespace sorteo {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::chrono::seconds kRestAfter{1};  // without a byte either way

// From here on a type may be one of a later version of the protocol.
constexpr std::uint8_t kFirstLaterType = 5;

// A server that was stopped to be started again is back by then, as a rule.
constexpr std::uint32_t kBackAfterMs = 1000;

constexpr std::uint8_t kTlsHandshakeRecord = 22;  // RFC 8446, 5.1

constexpr Session::Socket::wait_type event_for(TlsStream::Outcome outcome) noexcept {
  return outcome == TlsStream::Outcome::kNeedsWrite ? Session::Socket::wait_write
                                                    : Session::Socket::wait_read;
}

}  // namespace

std::shared_ptr<Session> Session::open(Socket socket, Peer peer, std::unique_ptr<TlsStream> tls,
                                       bool asks_for_certificate,
                                       std::shared_ptr<asio::io_context> context,
                                       const SessionEnvironment& environment) {
  const std::shared_ptr<Session> session(new Session(
      std::move(socket), std::move(peer), std::move(tls), asks_for_certificate, environment));
  // The session weakly: posted to a context that has stopped, this would keep both alive for ever.
  auto wake = [context = std::move(context), weak = session->weak_from_this(),
               memory = std::make_shared<WakeMemory>()] {
    auto woken = [weak] {
      if (const auto self = weak.lock()) {
        self->replies_->acknowledge_wake();
        self->pump();
      }
    };
    asio::post(*context, asio::bind_allocator(WakeAllocator<void>(memory), std::move(woken)));
  };
  session->replies_ =
      std::make_shared<ReplyQueue>(environment.limits.max_requests_in_flight, std::move(wake));
  return session;
}

// With TLS the first bytes may have come along with the handshake, so it does not begin at rest.
Session::Session(Socket socket, Peer peer, std::unique_ptr<TlsStream> tls,
                 bool asks_for_certificate, const SessionEnvironment& environment)
    : socket_(std::move(socket)),
      peer_(std::move(peer)),
      log_(environment.log, peer_),
      environment_(environment),
      tls_(std::move(tls)),
      asks_for_certificate_(asks_for_certificate),
      phase_(tls_ ? Phase::kHandshaking : Phase::kReceiving),
      decoder_(environment.limits.max_frame_bytes),
      is_resting_(!tls_),
      change_(socket_.get_executor()) {}

asio::awaitable<void> Session::run(std::shared_ptr<Session> self) {
  bool is_ready = true;  // not `||`: GCC 12.2 resumes into a wrong frame behind it
  if (self->tls_) {
    is_ready = co_await self->handshake();
  }
  if (is_ready) {
    co_await self->receive();
  }
  self->decoder_.release();
  self->phase_ = Phase::kAnswering;
  while (!self->is_cut_ && self->has_unanswered()) {
    co_await self->change_.wait();
  }
  co_await self->close();
  self->phase_ = Phase::kEnded;
  self->cut();
}

// False when the connection goes no further; what is in `unsent_` is still sent, as it is.
asio::awaitable<bool> Session::handshake() {
  bool is_begun = false;
  for (auto outcome = TlsStream::Outcome::kNeedsRead;;) {
    error_code error;
    co_await wait(event_for(outcome), error);
    if (error || !is_receiving_) {
      co_return false;
    }
    if (!is_begun && !begins_with_tls()) {
      co_return false;
    }
    is_begun = true;
    outcome = tls_->handshake();
    if (outcome == TlsStream::Outcome::kDone) {
      note_handshake();
      co_return true;
    }
    if (outcome == TlsStream::Outcome::kFailed) {
      log_.handshake_failed("tls", tls_->failure());
      is_receiving_ = false;
      co_return false;
    }
  }
}

// Until `event`, the end of receiving, or an error.
asio::awaitable<void> Session::wait(Socket::wait_type event, error_code& error) {
  auto token = asio::bind_cancellation_slot(stop_read_.slot(),
                                            asio::redirect_error(asio::use_awaitable, error));
  is_reading_ = true;
  co_await socket_.async_wait(event, std::move(token));
  is_reading_ = false;
}

// The first bytes tell who has come to the wrong port. Such a peer is told so in the protocol that
// it speaks, without TLS.
bool Session::begins_with_tls() {
  std::uint8_t first = 0;
  error_code error;
  const std::size_t count =
      socket_.receive(asio::buffer(&first, 1), asio::socket_base::message_peek, error);
  if (error || count == 0 || first == kTlsHandshakeRecord) {
    return true;  // or the handshake finds out what is wrong
  }
  is_receiving_ = false;
  log_.handshake_failed("first bytes", "the peer speaks no TLS, and this port nothing else");
  tls_.reset();
  const char* const reason = "this port speaks TLS";
  encode_reply(unsent_.tail(), is_version2(first)
                                   ? v2::error_reply(v2::ErrorCode::kUnsupported, first, reason)
                                   : error_reply(reason));
  flush();
  return false;
}

void Session::note_handshake() {
  phase_ = Phase::kReceiving;
  active_at_ = Clock::now();
  if (asks_for_certificate_) {
    peer_.agencies = tls_->agencies();
  }
  log_.handshaken(tls_->version());
}

asio::awaitable<void> Session::receive() {
  for (;;) {
    const Buffered buffered = dispatch_buffered();
    if (buffered == Buffered::kEnded) {
      co_return;
    }
    if (buffered == Buffered::kMustWait) {
      co_await change_.wait();
      continue;
    }
    error_code error;
    std::size_t count = 0;
    if (is_resting_) {
      co_await wait(Socket::wait_read, error);
    } else if (tls_) {
      count = co_await read_by_tls(error);
    } else {
      auto token = asio::bind_cancellation_slot(stop_read_.slot(),
                                                asio::redirect_error(asio::use_awaitable, error));
      const auto room = decoder_.prepare();
      is_reading_ = true;
      count = co_await socket_.async_read_some(asio::buffer(room.data(), room.size()),
                                               std::move(token));
      is_reading_ = false;
    }
    if (!note_received(error, count)) {
      co_return;
    }
  }
}

asio::awaitable<std::size_t> Session::read_by_tls(error_code& error) {
  const auto room = decoder_.prepare();
  for (;;) {
    const auto [outcome, count] = tls_->read(room);
    switch (outcome) {
      case TlsStream::Outcome::kDone:
        co_return count;
      case TlsStream::Outcome::kEnd:
        error = asio::error::eof;
        co_return 0;
      case TlsStream::Outcome::kFailed:
        error = asio::error::connection_reset;
        co_return 0;
      case TlsStream::Outcome::kNeedsRead:
      case TlsStream::Outcome::kNeedsWrite:
        break;
    }
    co_await wait(event_for(outcome), error);
    if (error) {
      co_return 0;
    }
  }
}

// False when nothing more will be received.
bool Session::note_received(error_code error, std::size_t count) {
  if (error == asio::error::operation_aborted && is_receiving_) {
    rest();
    return true;
  }
  if (!is_receiving_) {
    return false;
  }
  if (error == asio::error::eof) {
    is_peer_done_ = true;
    replies_->abandon();
    if (decoder_.buffered() > 0) {
      log_.frame_cut(decoder_.buffered());
    }
    return false;
  }
  if (error) {
    log_.broken("receive_message", error);
    cut();
    return false;
  }
  is_resting_ = false;
  active_at_ = Clock::now();
  decoder_.commit(count);
  return true;
}

Session::Buffered Session::dispatch_buffered() {
  bool was_in_frame = is_in_frame_;
  is_in_frame_ = false;
  while (is_receiving_) {
    replies_->collect(unsent_.tail());  // they count, but leave with those that follow
    if (must_wait()) {
      flush();
      return Buffered::kMustWait;
    }
    const ReplyQueue::Collecting collecting(*replies_);
    const auto frame = decoder_.next();
    if (frame.has_error()) {
      reject(frame.error());
    } else if (frame->has_value()) {
      was_in_frame = false;
      dispatch(**frame);
    } else {
      break;
    }
  }
  flush();
  if (!is_receiving_) {
    return Buffered::kEnded;
  }
  if (decoder_.buffered() > 0) {
    is_in_frame_ = true;
    frame_at_ = was_in_frame ? frame_at_ : Clock::now();
  }
  return Buffered::kNeedsBytes;
}

void Session::dispatch(const Message& message) {
  Handler* const handler = environment_.handlers.find(message.type);
  if (handler == nullptr && message.type >= kFirstLaterType) {
    refuse_unsupported(message);
    return;
  }
  if (handler == nullptr) {
    reject({TransportError::kUnknownType, message.type,
            static_cast<std::uint32_t>(message.payload.size())});
    return;
  }
  Responder responder(replies_, replies_->open(), message.type);
  try {
    handler->handle({message, peer_}, std::move(responder));
  } catch (...) {
    log_.handler_threw(*handler, message.type, std::current_exception());
  }
}

void Session::reject(const FrameFault& fault) {
  is_receiving_ = false;
  log_.rejected(fault, environment_.limits.max_frame_bytes);
}

void Session::refuse_unsupported(const Message& message) {
  log_.unsupported(message);
  Responder(replies_, replies_->open(), message.type)
      .send(v2::error_reply(
          v2::ErrorCode::kUnsupported, message.type,
          "this server does not know requests of type " + std::to_string(message.type)));
}

asio::awaitable<void> Session::close() {
  if (is_cut_) {
    co_return;
  }
  if (tls_) {
    tls_->end();
  }
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  if (!is_peer_done_) {
    phase_ = Phase::kLingering;
    active_at_ = Clock::now();
    co_await take_in_rest(socket_);
  }
}

void Session::pump() noexcept {
  try {
    flush();
    change_.notify();
  } catch (...) {  // no memory
    cut();
  }
}

void Session::flush() {
  if (is_cut_) {
    return;
  }
  replies_->collect(unsent_.tail());
  say_goodbye();
  if (unsent_.begin()) {
    progress_at_ = Clock::now();
    send();
  }
}

// Between two answers: the tail holds whole frames.
void Session::say_goodbye() {
  if (is_going_away_ && replies_->accepts_go_away()) {
    encode_reply(unsent_.tail(), v2::go_away_reply({kBackAfterMs, "the server is stopping"}));
    is_going_away_ = false;
  }
}

void Session::send() {
  if (tls_) {
    send_by_tls();
    return;
  }
  const std::string_view rest = unsent_.rest();
  socket_.async_write_some(asio::buffer(rest.data(), rest.size()),
                           [self = shared_from_this()](error_code error, std::size_t count) {
                             self->on_sent(error, count);
                           });
}

// A write that is done at once ends as one does that takes its time: later, and not within itself.
void Session::send_by_tls() {
  const auto [outcome, count] = tls_->write(unsent_.rest());
  if (outcome == TlsStream::Outcome::kNeedsWrite || outcome == TlsStream::Outcome::kNeedsRead) {
    socket_.async_wait(event_for(outcome),
                       [self = shared_from_this()](error_code error) { self->on_sent(error, 0); });
    return;
  }
  const error_code error = outcome == TlsStream::Outcome::kDone
                               ? error_code()
                               : error_code(asio::error::connection_reset);
  asio::post(socket_.get_executor(),
             [self = shared_from_this(), error, count = count] { self->on_sent(error, count); });
}

void Session::on_sent(error_code error, std::size_t count) noexcept {
  if (is_cut_) {
    return;
  }
  try {
    if (error) {
      log_.broken("send_reply", error);
      cut();
      return;
    }
    if (count > 0) {
      active_at_ = progress_at_ = Clock::now();
      unsent_.advance(count);
    }
    if (unsent_.is_sending()) {
      send();
    } else {
      pump();
    }
  } catch (...) {  // no memory
    cut();
  }
}

bool Session::has_unanswered() const noexcept {
  return replies_->in_flight() > 0 || unsent_.size() > 0;
}

bool Session::must_wait() const noexcept {
  return replies_->is_full() ||
         unsent_.size() + replies_->held_bytes() > environment_.limits.max_reply_bytes;
}

bool Session::is_idle() const noexcept {
  return phase_ == Phase::kReceiving && is_reading_ && is_receiving_ && !is_in_frame_ &&
         !has_unanswered();
}

void Session::drain() {
  is_receiving_ = false;
  if (is_reading_) {
    stop_read_.emit(asio::cancellation_type::terminal);
  }
  change_.notify();
}

void Session::go_away() noexcept {
  is_receiving_ = false;
  is_going_away_ = phase_ < Phase::kLingering;
  pump();
  try {
    drain();
  } catch (...) {  // no memory
    cut();
  }
}

// The memory of an idle session goes back; the read that waits for bytes goes on without a buffer.
void Session::rest() {
  decoder_.release();
  replies_->release();
  unsent_.release();
  is_resting_ = true;
}

bool Session::cut() noexcept {
  const bool is_costly = !is_cut_ && phase_ < Phase::kLingering && has_unanswered();
  is_cut_ = true;
  is_receiving_ = false;
  replies_->close();
  if (tls_) {
    tls_->abandon();
  }
  error_code ignored;
  socket_.close(ignored);
  change_.notify();
  return is_costly;
}

bool Session::check(Clock::time_point now) {
  const SessionLimits& limits = environment_.limits;
  if (phase_ == Phase::kHandshaking) {
    if (now - active_at_ >= limits.handshake_timeout) {
      log_.timed_out(TransportError::kHandshakeTimeout, limits.handshake_timeout, 0);
      cut();
    }
    return false;
  }
  if (phase_ == Phase::kLingering) {
    if (now - active_at_ >= limits.linger_timeout) {
      cut();
    }
    return false;
  }
  if (!is_reading_ && replies_->in_flight() > 0 && has_peer_ended(socket_)) {
    replies_->abandon();
  }
  if (replies_->has_mail()) {
    pump();  // the wake-up has been lost for want of memory, or is on its way
  }
  if (unsent_.is_sending() && now - progress_at_ >= limits.write_timeout) {
    log_.timed_out(TransportError::kWriteTimeout, limits.write_timeout, unsent_.size());
    error_code ignored;  // the option makes the system drop what the peer does not read
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    cut();
  } else if (is_reading_ && is_receiving_ && is_in_frame_ &&
             now - frame_at_ >= limits.frame_timeout) {
    log_.timed_out(TransportError::kFrameTimeout, limits.frame_timeout, decoder_.buffered());
    drain();
  } else if (is_idle() && now - active_at_ >= limits.idle_timeout) {
    log_.timed_out(TransportError::kIdleTimeout, limits.idle_timeout, 0);
    drain();
  } else if (is_idle() && !is_resting_ && now - active_at_ >= kRestAfter) {
    stop_read_.emit(asio::cancellation_type::terminal);
    return true;
  }
  return false;
}

}  // namespace sorteo
