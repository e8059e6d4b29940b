#include "transport/peer_watch.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace sorteo {
namespace {

constexpr int kIdleSeconds = 60;      // before the first question
constexpr int kIntervalSeconds = 15;  // between questions
constexpr int kQuestions = 4;         // without an answer

void set_option(int socket, int level, int name, int value) noexcept {
  ::setsockopt(socket, level, name, &value, sizeof value);
}

}  // namespace

void watch_for_loss(boost::asio::ip::tcp::socket& socket) noexcept {
  const int handle = socket.native_handle();
  set_option(handle, IPPROTO_TCP, TCP_KEEPIDLE, kIdleSeconds);
  set_option(handle, IPPROTO_TCP, TCP_KEEPINTVL, kIntervalSeconds);
  set_option(handle, IPPROTO_TCP, TCP_KEEPCNT, kQuestions);
  set_option(handle, SOL_SOCKET, SO_KEEPALIVE, 1);
}

bool has_peer_ended(boost::asio::ip::tcp::socket& socket) noexcept {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket.native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
    return false;
  }
  return info.tcpi_state == TCP_CLOSE_WAIT || info.tcpi_state == TCP_CLOSE;
}

}  // namespace sorteo
