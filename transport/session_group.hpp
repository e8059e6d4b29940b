#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <list>
#include <memory>

#include "transport/listener_options.hpp"
#include "transport/session.hpp"

namespace sorteo {

/// The sessions of one I/O thread. Its public functions may be called from any thread and only post
/// to that one; everything else happens there, without a lock.
class SessionGroup final {
 public:
  /// What became of the sessions that were open when the drain began.
  struct Drained {
    std::size_t closed = 0;
    std::size_t cut = 0;  ///< of these, ended before they had answered everything
  };

  /// `tls` is what sessions that speak TLS begin with; it may be null if there are none. The group,
  /// once started, outlives the thread that runs `context`.
  SessionGroup(std::shared_ptr<boost::asio::io_context> context,
               const SessionEnvironment& environment, std::shared_ptr<const TlsContext> tls);
  SessionGroup(const SessionGroup&) = delete;
  SessionGroup& operator=(const SessionGroup&) = delete;

  boost::asio::io_context& context() noexcept { return *context_; }

  /// Begins to enforce the timeouts. Call it once, before the thread runs.
  void start();

  /// Opens a session on `socket`, which belongs to context(). When draining, closes it instead.
  void adopt(Session::Socket socket, ListenerSecurity security);

  /// The timeouts of `limits` hold from now on, the rest and `tls` for new sessions.
  void change(const SessionLimits& limits, std::shared_ptr<const TlsContext> tls);

  /// Ends at once every session with a peer that `which`, called on the group's thread, matches.
  /// The future is how many.
  std::future<std::size_t> cut_those(std::function<bool(const Peer&)> which);

  /// Lets every session answer what is in flight and end. Call it once. The future is ready when
  /// the last session has ended; from then on the group leaves its context without work.
  std::future<Drained> drain();

  /// Ends every session at once.
  void cut();

 private:
  using Sessions = std::list<std::shared_ptr<Session>>;  // shared: see Session

  static boost::asio::awaitable<void> enforce_timeouts(SessionGroup* self);
  void check_sessions();
  void open(Session::Socket socket, ListenerSecurity security);
  std::unique_ptr<TlsStream> make_tls(Session::Socket& socket, ListenerSecurity security) const;
  void on_end(Sessions::iterator at, std::exception_ptr exception) noexcept;
  void end_drain_if_empty();

  const std::shared_ptr<boost::asio::io_context> context_;  // shared: see Session::open()
  SessionEnvironment environment_;
  std::shared_ptr<const TlsContext> tls_;  // shared: with the sessions that it began with
  boost::asio::steady_timer timer_;
  Sessions sessions_;
  std::size_t rested_ = 0;  // sessions that gave memory back since it went on to the system
  bool is_draining_ = false;
  Drained result_;
  std::promise<Drained> drained_;
};

}  // namespace sorteo
