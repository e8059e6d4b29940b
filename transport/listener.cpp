#include "transport/listener.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <utility>

#include "transport/endpoint_text.hpp"

namespace sorteo {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kPause{100};  // before accept is tried again

}  // namespace

Listener::Listener(asio::io_context& context, std::vector<SessionGroup*> groups,
                   ListenerOptions options, Log& log)
    : groups_(std::move(groups)),
      options_(std::move(options)),
      log_(log),
      acceptor_(context),
      pause_(context) {}

std::optional<std::string> Listener::listen(int backlog) {
  const std::string& host = options_.host;
  const std::string service = std::to_string(options_.port);
  error_code error;
  tcp::resolver resolver(acceptor_.get_executor());
  const auto found = resolver.resolve(
      host, service, tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error) {
    return "cannot resolve the address to listen on, " + host + ": " + error.message();
  }
  for (const auto& entry : found) {
    error =
        bind(entry.endpoint(), backlog > 0 ? backlog : asio::socket_base::max_listen_connections);
    if (!error) {
      return std::nullopt;
    }
  }
  return "cannot listen on " + host + ":" + service + ": " + error.message();
}

error_code Listener::bind(const tcp::endpoint& endpoint, int backlog) {
  error_code error;
  error_code ignored;
  acceptor_.close(ignored);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) {
    acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  }
  if (!error) {
    acceptor_.bind(endpoint, error);
  }
  if (!error) {
    acceptor_.listen(backlog, error);
  }
  if (!error) {
    endpoint_ = acceptor_.local_endpoint(error);
  }
  return error;
}

void Listener::start() {
  asio::co_spawn(acceptor_.get_executor(), accept_all(this), [this](std::exception_ptr exception) {
    if (exception != nullptr) {
      start();
    } else {
      closed_.set_value();
    }
  });
}

std::future<void> Listener::close() {
  asio::post(acceptor_.get_executor(), [this] {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  });
  return closed_.get_future();
}

asio::awaitable<void> Listener::accept_all(Listener* self) {
  while (self->acceptor_.is_open()) {
    error_code error;
    co_await self->accept_one(error);
    if (error && self->acceptor_.is_open()) {
      co_await self->pause_after(error);
    }
  }
}

asio::awaitable<void> Listener::accept_one(error_code& error) {
  SessionGroup& group = *groups_[next_group_];
  auto socket = co_await acceptor_.async_accept(group.context(),
                                                asio::redirect_error(asio::use_awaitable, error));
  if (!error && acceptor_.is_open()) {
    next_group_ = (next_group_ + 1) % groups_.size();
    group.adopt(std::move(socket), options_.security);
    note_success();
  }
}

// Out of descriptors or of memory, as a rule. Said once, not with each try.
asio::awaitable<void> Listener::pause_after(error_code error) {
  if (failures_++ == 0) {
    log_.write(LogLevel::kError, LogLine("accept_connection", "fail")
                                     .with("error", error.message())
                                     .with("retry_ms", kPause.count())
                                     .str());
  }
  error_code cancelled;
  pause_.expires_after(kPause);
  co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
}

void Listener::note_success() {
  if (failures_ > 0) {
    log_.write(LogLevel::kInfo,
               LogLine("accept_connection", "success").with("failures", failures_).str());
    failures_ = 0;
  }
}

}  // namespace sorteo
