#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace sorteo::test {

/// A bare connection to a server on the loopback. Throws std::system_error where it fails.
class Connection final {
 public:
  explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{60, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address));
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { ::close(socket_); }

  void send(std::string_view bytes) const {
    check(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }

  /// Exactly `count` bytes, or fewer when the server ends the stream before.
  std::string receive(std::size_t count) const {
    std::string bytes(count, '\0');
    const auto received = ::recv(socket_, bytes.data(), count, MSG_WAITALL);
    check(received);
    bytes.resize(static_cast<std::size_t>(received));
    return bytes;
  }

 private:
  static void check(ssize_t result) {
    if (result < 0) {
      throw std::system_error(errno, std::generic_category(), "connection to the server");
    }
  }

  int socket_;
};

}  // namespace sorteo::test
