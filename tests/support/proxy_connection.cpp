#include "tests/support/proxy_connection.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace sorteo::test {
namespace {

bool would_block() noexcept { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

void close_with_reset(int fd) noexcept {
  const linger at_once{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  ::close(fd);
}

}  // namespace

ProxyConnection::ProxyConnection(int client, int server, const ProxyPlan& plan) noexcept
    : client_(client), server_(server), plan_(plan) {
  to_server_.from = client;
  to_server_.to = server;
  to_client_.from = server;
  to_client_.to = client;
}

ProxyConnection::~ProxyConnection() {
  if (is_reset_) {
    close_with_reset(client_);
    close_with_reset(server_);
  } else {
    ::close(client_);
    ::close(server_);
  }
}

std::array<pollfd, 2> ProxyConnection::polls(Clock::time_point now) const noexcept {
  const auto entry = [now](int fd, const Direction& in, const Direction& out) {
    const bool may_write = !out.is_empty() && now >= out.not_before;
    const int events = (in.wants_to_read() ? POLLIN : 0) | (may_write ? POLLOUT : 0);
    return pollfd{events != 0 ? fd : -1, static_cast<short>(events), 0};
  };
  return {entry(client_, to_server_, to_client_), entry(server_, to_client_, to_server_)};
}

std::optional<ProxyConnection::Clock::time_point> ProxyConnection::wakes_at(
    Clock::time_point now) const noexcept {
  std::optional<Clock::time_point> earliest;
  for (const Direction* direction : {&to_server_, &to_client_}) {
    if (!direction->is_empty() && direction->not_before > now) {
      earliest = std::min(earliest.value_or(direction->not_before), direction->not_before);
    }
  }
  return earliest;
}

void ProxyConnection::turn(Clock::time_point now) {
  step(to_server_, now);
  step(to_client_, now);
}

bool ProxyConnection::is_over() const noexcept {
  const auto is_done = [](const Direction& way) { return way.has_ended && way.is_empty(); };
  if (is_reset_) {
    return true;
  }
  if (has_acted_ && plan_.act == ProxyAct::kSwallow) {
    return is_done(to_server_);  // the client gave up; the server may wait for what was swallowed
  }
  return is_done(to_server_) && is_done(to_client_);
}

bool ProxyConnection::counts(const Direction& direction) const noexcept {
  return &direction == (plan_.way == ProxyWay::kToServer ? &to_server_ : &to_client_);
}

// Whether what comes that way is read and forgotten.
bool ProxyConnection::is_muted(const Direction& direction) const noexcept {
  return has_acted_ && (plan_.act == ProxyAct::kEnd || counts(direction));
}

void ProxyConnection::step(Direction& direction, Clock::time_point now) {
  if (is_reset_) {
    return;
  }
  if (direction.wants_to_read()) {
    read(direction);
  }
  if (!direction.is_empty() && now >= direction.not_before) {
    write(direction, now);
  }
  if (direction.has_ended && direction.is_empty()) {
    tell_end(direction);
  }
}

void ProxyConnection::read(Direction& direction) {
  const ssize_t got = ::recv(direction.from, direction.bytes.data(), direction.bytes.size(), 0);
  if (got > 0) {
    direction.begin = 0;
    direction.end = is_muted(direction) ? 0 : static_cast<std::size_t>(got);
  } else if (got == 0) {
    direction.has_ended = true;
  } else if (!would_block()) {
    is_reset_ = true;
  }
}

void ProxyConnection::write(Direction& direction, Clock::time_point now) {
  std::size_t size = std::min(plan_.piece, direction.end - direction.begin);
  if (plan_.act != ProxyAct::kNothing && counts(direction)) {
    if (direction.passed == plan_.after) {
      act();
      return;
    }
    size = static_cast<std::size_t>(std::min<std::uint64_t>(size, plan_.after - direction.passed));
  }
  const ssize_t sent =
      ::send(direction.to, direction.bytes.data() + direction.begin, size, MSG_NOSIGNAL);
  if (sent < 0) {
    is_reset_ = !would_block();
    return;
  }
  direction.begin += static_cast<std::size_t>(sent);
  direction.passed += static_cast<std::uint64_t>(sent);
  direction.not_before = now + plan_.pause;
}

void ProxyConnection::act() {
  has_acted_ = true;
  switch (plan_.act) {
    case ProxyAct::kNothing:
      break;
    case ProxyAct::kReset:
      is_reset_ = true;
      break;
    case ProxyAct::kEnd:
      // Both sides are read to their ends before they are closed: closing with bytes unread would
      // be a reset.
      for (Direction* direction : {&to_server_, &to_client_}) {
        direction->begin = direction->end;
        tell_end(*direction);
      }
      break;
    case ProxyAct::kSwallow: {
      Direction& swallowed = plan_.way == ProxyWay::kToServer ? to_server_ : to_client_;
      swallowed.begin = swallowed.end;
      swallowed.told_ended = true;  // it never will be
      break;
    }
  }
}

void ProxyConnection::tell_end(Direction& direction) {
  if (!direction.told_ended) {
    direction.told_ended = true;
    ::shutdown(direction.to, SHUT_WR);
  }
}

}  // namespace sorteo::test
