#include "client_sdk/connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <cerrno>
#include <climits>
#include <utility>

namespace sorteo::client {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

error_code last_error() noexcept { return {errno, boost::system::system_category()}; }

bool would_wait(int error) noexcept {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

std::string describe_failure(const asio::ip::tcp::endpoint& last, std::size_t addresses,
                             const error_code& error) {
  if (addresses == 1) {
    return error.message();
  }
  return error.message() + " (the last of " + std::to_string(addresses) + " addresses, " +
         last.address().to_string() + ")";
}

// Waits for one of `events`. The error is timed_out when `deadline` passes before.
error_code wait_for(int descriptor, short events, Clock::time_point deadline) {
  for (auto now = Clock::now(); now < deadline; now = Clock::now()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now);
    const auto wait = std::min<std::chrono::milliseconds::rep>(left.count(), INT_MAX);
    pollfd wanted{descriptor, events, 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(wait));
    if (ready > 0) {
      return {};
    }
    if (ready < 0 && errno != EINTR) {
      return last_error();
    }
  }
  return asio::error::timed_out;
}

error_code connect(int descriptor, const asio::ip::tcp::endpoint& endpoint,
                   Clock::time_point deadline) {
  if (Clock::now() >= deadline) {
    return asio::error::timed_out;
  }
  if (::connect(descriptor, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0) {
    return {};
  }
  if (errno != EINPROGRESS && errno != EINTR) {
    return last_error();
  }
  if (const auto error = wait_for(descriptor, POLLOUT, deadline)) {
    return error;
  }
  int result = 0;
  socklen_t size = sizeof(result);
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &result, &size) != 0) {
    return last_error();
  }
  return {result, boost::system::system_category()};
}

}  // namespace

Connection::Connection(int descriptor) noexcept : descriptor_(descriptor) {
  const int on = 1;  // a server that gets it later answers later, and that is all: no error matters
  static_cast<void>(::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)));
}

Connection::~Connection() { ::close(descriptor_); }

Connection::Opened Connection::open(const std::vector<asio::ip::tcp::endpoint>& endpoints,
                                    Clock::time_point deadline) {
  error_code error = asio::error::host_not_found;
  for (std::size_t at = 0; at < endpoints.size(); ++at) {
    // A program that the agency's program starts must not keep the connection open.
    const int descriptor = ::socket(endpoints[at].protocol().family(),
                                    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor < 0) {
      error = last_error();
      continue;
    }
    auto connection = std::make_unique<Connection>(descriptor);
    const auto now = Clock::now();
    const auto left = static_cast<Clock::rep>(endpoints.size() - at);
    error = connect(descriptor, endpoints[at], now + (deadline - now) / left);
    if (!error) {
      return connection;
    }
  }
  return ConnectFault{error == asio::error::timed_out,
                      describe_failure(endpoints.back(), endpoints.size(), error)};
}

void Connection::receive() {
  if (ended_) {
    return;
  }
  const ssize_t bytes = ::recv(descriptor_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (bytes > 0) {
    arrived_.append(buffer_.data(), static_cast<std::size_t>(bytes));
  } else if (bytes == 0 || !would_wait(errno)) {
    // What broke the writing tells more than the end of the reading that follows from it.
    const error_code end = bytes == 0 ? error_code(asio::error::eof) : last_error();
    ended_ = write_error_ ? write_error_ : end;
  }
}

void Connection::write(std::string& bytes) {
  outgoing_.clear();
  std::swap(outgoing_, bytes);
  sent_ = 0;
  writing_ = true;
  send();
}

void Connection::send() {
  while (sent_ < outgoing_.size()) {
    const ssize_t bytes = ::send(descriptor_, outgoing_.data() + sent_, outgoing_.size() - sent_,
                                 MSG_DONTWAIT | MSG_NOSIGNAL);
    if (bytes < 0 && would_wait(errno)) {
      return;
    }
    if (bytes < 0) {
      // Answers may still lie in the socket: the reading goes on to its own end. Until then nothing
      // more is written, for `writing_` stays.
      write_error_ = last_error();
      return;
    }
    sent_ += static_cast<std::size_t>(bytes);
  }
  writing_ = false;
}

void Connection::expect(std::size_t bytes) noexcept {
  const std::size_t least = std::clamp<std::size_t>(bytes, 1, buffer_.size());
  if (least == expected_) {
    return;
  }
  expected_ = least;
  const int value =
      static_cast<int>(least);  // a system that refuses it only wakes us up more often
  static_cast<void>(::setsockopt(descriptor_, SOL_SOCKET, SO_RCVLOWAT, &value, sizeof(value)));
}

bool Connection::run_one_until(Clock::time_point deadline) {
  if (ended_) {
    return false;
  }
  const bool wants_to_write = writing_ && !write_error_;
  const auto error = wait_for(
      descriptor_, static_cast<short>(wants_to_write ? POLLIN | POLLOUT : POLLIN), deadline);
  if (error == asio::error::timed_out) {
    return false;
  }
  if (error) {
    ended_ = error;
  }
  poll();
  return true;
}

// One piece at most: a peer that sends without end must not hold the caller up.
void Connection::poll() {
  if (writing_ && !write_error_) {
    send();
  }
  receive();
}

std::string_view Connection::take_received() {
  taken_.clear();
  std::swap(taken_, arrived_);
  return taken_;
}

}  // namespace sorteo::client
