#include "tests/transport/raw_client.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "core/bytes.hpp"

namespace sorteo::test {
namespace {

template <typename Value>
void set_option(int socket, int level, int name, const Value& value) {
  EXPECT_EQ(::setsockopt(socket, level, name, &value, sizeof value), 0) << std::strerror(errno);
}

}  // namespace

RawClient::RawClient(Family family)
    : family_(family),
      socket_(
          ::socket(family == Family::kIpv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  EXPECT_GE(socket_, 0) << std::strerror(errno);
  const timeval timeout{kTimeout.count(), 0};
  set_option(socket_, SOL_SOCKET, SO_RCVTIMEO, timeout);
  set_option(socket_, SOL_SOCKET, SO_SNDTIMEO, timeout);
  set_option(socket_, IPPROTO_TCP, TCP_NODELAY, 1);
}

RawClient::RawClient(RawClient&& other) noexcept
    : family_(other.family_),
      socket_(std::exchange(other.socket_, -1)),
      is_reset_(other.is_reset_) {}

void RawClient::connect(std::uint16_t port) {
  EXPECT_TRUE(try_connect(port)) << std::strerror(errno);
}

bool RawClient::try_connect(std::uint16_t port) {
  if (family_ == Family::kIpv6) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    address.sin6_addr = in6addr_loopback;
    return ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

void RawClient::shrink_receive_buffer() { set_option(socket_, SOL_SOCKET, SO_RCVBUF, 4096); }

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      EXPECT_TRUE(errno == EPIPE || errno == ECONNRESET) << std::strerror(errno);
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::size_t RawClient::send_some(std::string_view bytes) {
  const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

void RawClient::end_stream() { ::shutdown(socket_, SHUT_WR); }

std::string RawClient::receive(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t got = 0;
  while (got < count) {
    const ssize_t received = ::recv(socket_, bytes.data() + got, count - got, 0);
    if (received <= 0) {
      EXPECT_TRUE(received == 0 || errno == ECONNRESET) << std::strerror(errno);
      is_reset_ = received < 0;
      break;
    }
    got += static_cast<std::size_t>(received);
  }
  bytes.resize(got);
  return bytes;
}

std::string RawClient::receive_all() {
  std::string all;
  for (;;) {
    const std::string bytes = receive(65536);
    all += bytes;
    if (bytes.size() < 65536) {
      return all;
    }
  }
}

std::string RawClient::receive_packet() {
  const std::string header = receive(4);
  return header.size() < 4 ? "" : receive(load_u32(as_bytes(header).data()));
}

void RawClient::reset() {
  set_option(socket_, SOL_SOCKET, SO_LINGER, linger{1, 0});
  close();
}

void RawClient::close() noexcept {
  if (socket_ >= 0) {
    ::close(std::exchange(socket_, -1));
  }
}

}  // namespace sorteo::test
