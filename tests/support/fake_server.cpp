#include "tests/support/fake_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "core/batch.hpp"
#include "core/bytes.hpp"
#include "core/message.hpp"
#include "core/reply.hpp"

namespace sorteo::test {
namespace {

int checked(int result, const char* what) {
  if (result < 0) {
    throw std::system_error(errno, std::generic_category(), what);
  }
  return result;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int bound_socket() {
  const int fd = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  const sockaddr_in address = loopback(0);
  checked(bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), "bind");
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_in address{};
  socklen_t length = sizeof(address);
  checked(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  return ntohs(address.sin_port);
}

std::string encode(const Reply& reply) {
  std::string bytes;
  if (reply.envelope == Reply::Envelope::kMessage) {
    append_u8(bytes, reply.type);
  }
  append_u32(bytes, static_cast<std::uint32_t>(reply.payload.size()));
  return bytes.append(reply.payload.view());
}

}  // namespace

bool FakePeer::read(char* to, std::size_t bytes) {
  while (bytes > 0) {
    const ssize_t got = recv(fd_, to, bytes, 0);
    if (got <= 0) {
      return false;
    }
    to += got;
    bytes -= static_cast<std::size_t>(got);
  }
  return true;
}

std::optional<FakeRequest> FakePeer::read_request() {
  std::array<char, 5> header;
  if (!read(header.data(), header.size())) {
    return std::nullopt;
  }
  FakeRequest request{static_cast<std::uint8_t>(header[0]), {}};
  request.payload.resize(load_u32(reinterpret_cast<const std::byte*>(header.data() + 1)));
  if (!read(request.payload.data(), request.payload.size())) {
    return std::nullopt;
  }
  const std::lock_guard lock(log_mutex_);
  log_.push_back(request);
  return request;
}

void FakePeer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return;  // the client has gone: the next read says so
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void FakePeer::send_byte_by_byte(std::string_view bytes) {
  for (const char& byte : bytes) {
    send({&byte, 1});
  }
}

void FakePeer::reset() {
  const linger at_once{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

void FakePeer::end_sending() { shutdown(fd_, SHUT_WR); }

void FakePeer::wait_for_end() {
  pollfd poller{fd_, POLLRDHUP, 0};
  while (poll(&poller, 1, -1) < 0 && errno == EINTR) {
  }
}

FakeServer::FakeServer(Script script) : script_(std::move(script)), listener_(bound_socket()) {
  // Connections inherit these. The system would let them grow to tens of megabytes, and a test that
  // wants them full would have to send as much.
  const int small = 64 * 1024;
  checked(setsockopt(listener_, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), "SO_RCVBUF");
  checked(setsockopt(listener_, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)), "SO_SNDBUF");
  checked(listen(listener_, 64), "listen");
  port_ = port_of(listener_);
  thread_ = std::thread([this] { serve(); });
}

FakeServer::~FakeServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (serving_ >= 0) {
      shutdown(serving_, SHUT_RDWR);
    }
  }
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

void FakeServer::serve() {
  for (;;) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) {
      return;  // stopped
    }
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) {
        close(fd);
        return;
      }
      serving_ = fd;
    }
    FakePeer peer(fd, requests_, mutex_);
    script_(peer, ++connections_);
    const std::lock_guard lock(mutex_);
    serving_ = -1;
    close(fd);
  }
}

std::vector<FakeRequest> FakeServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::vector<std::string> FakeServer::documents() const {
  std::vector<std::string> documents;
  for (const FakeRequest& request : requests()) {
    if (request.type != static_cast<std::uint8_t>(MessageType::kBatchBet)) {
      continue;
    }
    const auto batch = decode_batch(as_bytes(request.payload));
    if (batch.has_error()) {
      documents.push_back("not a batch: " + batch.error().message());
      continue;
    }
    for (const BetView& bet : *batch) {
      documents.emplace_back(bet.document);
    }
  }
  return documents;
}

std::string ok_answer() { return encode(ok_reply()); }

std::string error_answer(std::string_view reason) { return encode(error_reply(reason)); }

std::string wait_answer() { return encode(wait_reply()); }

std::string winners_answer(const std::vector<std::uint32_t>& documents) {
  return encode(winners_reply(documents));
}

std::string usual_answer(const FakeRequest& request) {
  return request.type == static_cast<std::uint8_t>(MessageType::kConsulta) ? wait_answer()
                                                                           : ok_answer();
}

FakeServer::Script field_server() {
  return [](FakePeer& peer, int) {
    if (const auto request = peer.read_request()) {
      peer.send(usual_answer(*request));
    }
  };
}

FakeServer::Script persistent_server() {
  return [](FakePeer& peer, int) {
    while (const auto request = peer.read_request()) {
      peer.send(usual_answer(*request));
    }
  };
}

DeafServer::DeafServer() : listener_(bound_socket()) {
  constexpr int kMoreThanItQueues = 4;
  checked(listen(listener_, 0), "listen");
  port_ = port_of(listener_);
  const sockaddr_in address = loopback(port_);
  for (int at = 0; at < kMoreThanItQueues; ++at) {
    const int fd =
        checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket");
    fillers_.push_back(fd);
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 &&
        errno != EINPROGRESS) {
      throw std::system_error(errno, std::generic_category(), "connect");
    }
  }
}

DeafServer::~DeafServer() {
  for (const int fd : fillers_) {
    close(fd);
  }
  close(listener_);
}

ClosedPort::ClosedPort() : socket_(bound_socket()), port_(port_of(socket_)) {}

ClosedPort::~ClosedPort() { close(socket_); }

}  // namespace sorteo::test
