#include "apps/cli/bench/message_socket.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>
#include <system_error>
#include <utility>

#include "apps/cli/write_all.hpp"
#include "core/bytes.hpp"

namespace sorteo::cli {
namespace {

constexpr std::uint32_t kMaxPayloadBytes = 512 * 1024 * 1024;  // winners of a very large draw

BenchFailure no_connection(const std::string& what) { return {ExitCode::kNoConnection, what}; }

// With a time limit, the system says of a socket that would block what it says of one that waits.
BenchFailure failed(const std::string& what, int error) {
  const bool timed_out = error == EAGAIN || error == EWOULDBLOCK || error == EINPROGRESS;
  return no_connection(what + ": " +
                       (timed_out ? "no answer in time" : std::generic_category().message(error)));
}

}  // namespace

BenchResult<MessageSocket> MessageSocket::connect(const boost::asio::ip::tcp::endpoint& server,
                                                  std::chrono::milliseconds timeout) {
  std::ostringstream name;
  name << server;
  const int descriptor = ::socket(server.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) {
    return failed("a socket cannot be made", errno);
  }
  MessageSocket socket(descriptor);
  socket.set_timeout(SO_SNDTIMEO, timeout);
  if (::connect(descriptor, server.data(), static_cast<socklen_t>(server.size())) != 0) {
    return failed(name.str() + ": connect", errno);
  }
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return socket;
}

MessageSocket::MessageSocket(MessageSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

MessageSocket::~MessageSocket() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

BenchResult<void> MessageSocket::send(MessageType type, std::string_view payload) const {
  std::string message;
  append_u8(message, static_cast<std::uint8_t>(type));
  append_u32(message, static_cast<std::uint32_t>(payload.size()));
  message += payload;
  if (const auto error = write_all(descriptor_, message)) {
    return failed("send", error.value());
  }
  return {};
}

BenchResult<MessageSocket::Received> MessageSocket::receive(
    std::chrono::milliseconds timeout) const {
  set_timeout(SO_RCVTIMEO, timeout);
  char header[kMessageHeaderBytes];
  if (const auto read_header = read(header, sizeof(header)); read_header.has_error()) {
    return read_header.error();
  }
  const ByteView bytes = as_bytes({header, sizeof(header)});
  const std::uint32_t size = load_u32(bytes.data() + 1);
  if (size > kMaxPayloadBytes) {
    return no_connection("what answers does not speak this protocol");
  }
  Received received{std::to_integer<std::uint8_t>(bytes[0]), std::string(size, '\0')};
  if (const auto read_payload = read(received.payload.data(), size); read_payload.has_error()) {
    return read_payload.error();
  }
  return received;
}

bool MessageSocket::is_silent() const noexcept {
  char byte = 0;
  return ::recv(descriptor_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

int MessageSocket::release_non_blocking() noexcept {
  ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
  return std::exchange(descriptor_, -1);
}

void MessageSocket::set_timeout(int option, std::chrono::milliseconds timeout) const noexcept {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
  const timeval time{seconds.count(), (timeout - seconds).count() * 1000};
  ::setsockopt(descriptor_, SOL_SOCKET, option, &time, sizeof(time));
}

BenchResult<void> MessageSocket::read(char* to, std::size_t size) const {
  while (size > 0) {
    const ssize_t got = ::recv(descriptor_, to, size, 0);
    if (got == 0) {
      return no_connection("the server closed the connection");
    }
    if (got < 0 && errno != EINTR) {
      return failed("answer", errno);
    }
    if (got > 0) {
      to += got;
      size -= static_cast<std::size_t>(got);
    }
  }
  return {};
}

}  // namespace sorteo::cli
