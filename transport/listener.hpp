#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "core/log.hpp"
#include "transport/session_group.hpp"

namespace sorteo {

/// Listens on one address and hands each connection to one of the groups, in turn.
class Listener final {
 public:
  /// Accepts on `context`. Everything given outlives the listener; there is at least one group.
  Listener(boost::asio::io_context& context, std::vector<SessionGroup*> groups,
           ListenerOptions options, Log& log);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Binds and listens on the first address of the host that lets it. `backlog` 0 means the
  /// system's maximum. Returns the failure as a sentence, or nothing.
  [[nodiscard]] std::optional<std::string> listen(int backlog);

  /// The address listened on.
  const boost::asio::ip::tcp::endpoint& endpoint() const noexcept { return endpoint_; }

  /// Begins to accept. Goes on whatever accept says, until close().
  void start();

  /// Closes the listening socket; no connection is handed over once the future is ready. May be
  /// called from any thread while the context runs; once.
  std::future<void> close();

 private:
  boost::system::error_code bind(const boost::asio::ip::tcp::endpoint& endpoint, int backlog);
  static boost::asio::awaitable<void> accept_all(Listener* self);
  boost::asio::awaitable<void> accept_one(boost::system::error_code& error);
  boost::asio::awaitable<void> pause_after(boost::system::error_code error);
  void note_success();

  std::vector<SessionGroup*> groups_;
  const ListenerOptions options_;
  Log& log_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::tcp::endpoint endpoint_;
  boost::asio::steady_timer pause_;
  std::size_t next_group_ = 0;
  std::size_t failures_ = 0;  // in a row
  std::promise<void> closed_;
};

}  // namespace sorteo
