#include "tests/failures/held_port.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace sorteo::test {

HeldPort::HeldPort() {
  const auto checked = [](int result, const char* what) {
    if (result < 0) {
      throw std::system_error(errno, std::generic_category(), what);
    }
    return result;
  };
  socket_ = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  const int on = 1;
  checked(::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), "SO_REUSEADDR");
  sockaddr_in address{};
  socklen_t length = sizeof(address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  checked(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), length), "bind");
  checked(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  number_ = ntohs(address.sin_port);
}

HeldPort::~HeldPort() { ::close(socket_); }

}  // namespace sorteo::test
