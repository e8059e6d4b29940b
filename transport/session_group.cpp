#include "transport/session_group.hpp"

#include <malloc.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "transport/endpoint_text.hpp"
#include "transport/peer_watch.hpp"

namespace sorteo {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;

// So many sessions give memory back until it is worth the milliseconds to look for whole pages in
// it.
constexpr std::size_t kRestedUntilTrim = 256;

// What idle sessions gave back lies between what they keep, where the C library leaves it until the
// same thread asks for memory again.
void give_memory_to_system() noexcept {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

// How often the timeouts are looked at: a quarter of the shortest, within reason.
milliseconds period_of(const SessionLimits& limits) {
  const auto shortest =
      std::min({limits.handshake_timeout, limits.idle_timeout, limits.frame_timeout,
                limits.write_timeout, limits.linger_timeout});
  return std::clamp(shortest / 4, milliseconds(5), milliseconds(1000));
}

}  // namespace

SessionGroup::SessionGroup(std::shared_ptr<asio::io_context> context,
                           const SessionEnvironment& environment,
                           std::shared_ptr<const TlsContext> tls)
    : context_(std::move(context)),
      environment_(environment),
      tls_(std::move(tls)),
      timer_(*context_) {}

void SessionGroup::start() {
  asio::co_spawn(*context_, enforce_timeouts(this), [this](std::exception_ptr exception) {
    if (exception != nullptr) {  // no memory; the loop itself decides whether it is needed
      start();
    }
  });
}

void SessionGroup::adopt(Session::Socket socket, ListenerSecurity security) {
  asio::post(*context_, [this, security, socket = std::move(socket)]() mutable {
    open(std::move(socket), security);
  });
}

void SessionGroup::change(const SessionLimits& limits, std::shared_ptr<const TlsContext> tls) {
  asio::post(*context_, [this, limits, tls = std::move(tls)]() mutable {
    environment_.limits = limits;
    tls_ = std::move(tls);
  });
}

std::future<std::size_t> SessionGroup::cut_those(std::function<bool(const Peer&)> which) {
  auto count = std::make_shared<std::promise<std::size_t>>();  // shared: a post copies
  auto done = count->get_future();
  asio::post(*context_, [this, count = std::move(count), which = std::move(which)] {
    std::size_t cut = 0;
    for (const auto& session : sessions_) {
      if (which(session->peer())) {
        session->cut();
        ++cut;
      }
    }
    count->set_value(cut);
  });
  return done;
}

std::future<SessionGroup::Drained> SessionGroup::drain() {
  auto drained = drained_.get_future();
  asio::post(*context_, [this] {
    is_draining_ = true;
    result_.closed = sessions_.size();
    for (const auto& session : sessions_) {
      session->go_away();
    }
    end_drain_if_empty();
  });
  return drained;
}

void SessionGroup::cut() {
  asio::post(*context_, [this] {
    for (const auto& session : sessions_) {
      result_.cut += session->cut() ? 1 : 0;
    }
  });
}

std::unique_ptr<TlsStream> SessionGroup::make_tls(Session::Socket& socket,
                                                  ListenerSecurity security) const {
  if (security == ListenerSecurity::kPlain) {
    return nullptr;
  }
  socket.native_non_blocking(true);
  return std::make_unique<TlsStream>(socket.native_handle(), tls_,
                                     security == ListenerSecurity::kMutualTls);
}

void SessionGroup::open(Session::Socket socket, ListenerSecurity security) {
  error_code error;
  const auto remote = socket.remote_endpoint(error);
  if (error || is_draining_) {
    return;  // the peer has already gone, or has asked for nothing yet
  }
  socket.set_option(asio::ip::tcp::no_delay(true), error);
  watch_for_loss(socket);
  auto tls = make_tls(socket, security);
  auto session = Session::open(std::move(socket), Peer{endpoint_text(remote)}, std::move(tls),
                               security == ListenerSecurity::kMutualTls, context_, environment_);
  const auto at = sessions_.insert(sessions_.end(), session);
  try {
    session->log().opened();
    asio::co_spawn(*context_, Session::run(std::move(session)),
                   [this, at](std::exception_ptr exception) { on_end(at, exception); });
  } catch (...) {
    sessions_.erase(at);
    throw;
  }
}

void SessionGroup::on_end(Sessions::iterator at, std::exception_ptr exception) noexcept {
  const auto session = std::move(*at);
  sessions_.erase(at);
  if (exception != nullptr) {
    result_.cut += session->cut() && is_draining_ ? 1 : 0;
  }
  try {
    session->log().closed(exception);
  } catch (...) {  // no memory for a log line
  }
  end_drain_if_empty();
}

void SessionGroup::end_drain_if_empty() {
  if (is_draining_ && sessions_.empty()) {
    timer_.cancel();
    drained_.set_value(result_);
  }
}

asio::awaitable<void> SessionGroup::enforce_timeouts(SessionGroup* self) {
  while (!self->is_draining_ || !self->sessions_.empty()) {
    error_code cancelled;
    self->timer_.expires_after(period_of(self->environment_.limits));
    co_await self->timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    self->check_sessions();
  }
}

void SessionGroup::check_sessions() {
  if (rested_ >= kRestedUntilTrim) {
    give_memory_to_system();
    rested_ = 0;
  }
  const auto now = Session::Clock::now();
  for (const auto& session : sessions_) {
    rested_ += session->check(now) ? 1 : 0;
  }
}

}  // namespace sorteo
