#include "tests/support/legacy_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace sorteo::test {
namespace {

class Connection final {
 public:
  explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{60, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      const int cause = errno;
      ::close(socket_);
      throw std::system_error(cause, std::generic_category(), "connect");
    }
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { ::close(socket_); }

  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0) {
        throw std::system_error(errno, std::generic_category(), "send");
      }
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  std::string receive(std::size_t size) const {
    std::string bytes(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      const ssize_t got = ::recv(socket_, bytes.data() + have, size - have, 0);
      if (got < 0) {
        throw std::system_error(errno, std::generic_category(), "recv");
      }
      if (got == 0) {
        throw std::runtime_error("the server closed the connection before its answer's end");
      }
      have += static_cast<std::size_t>(got);
    }
    return bytes;
  }

  std::uint32_t receive_u32() const {
    std::uint32_t value = 0;
    for (const char c : receive(4)) {
      value = value << 8 | static_cast<unsigned char>(c);
    }
    return value;
  }

  std::string receive_packet() const { return receive(receive_u32()); }

 private:
  int socket_;
};

std::string big_endian(std::uint32_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    text.push_back(static_cast<char>(value >> shift & 0xFF));
  }
  return text;
}

std::string with_length(std::string_view payload) {
  return big_endian(static_cast<std::uint32_t>(payload.size()), 4).append(payload);
}

std::string encode(const Bet& bet) {
  std::string bytes;
  std::uint32_t tag = 0;
  for (const std::string* value :
       {&bet.first_name, &bet.last_name, &bet.document, &bet.birthdate, &bet.number}) {
    bytes +=
        big_endian(++tag, 1) + big_endian(static_cast<std::uint32_t>(value->size()), 2) + *value;
  }
  return bytes;
}

std::string encode(std::uint32_t agency, const std::vector<Bet>& bets) {
  std::string bytes = big_endian(agency, 4);
  for (const Bet& bet : bets) {
    bytes += with_length(encode(bet));
  }
  return bytes;
}

}  // namespace

std::string LegacyClient::send_bet(const Bet& bet) const {
  const Connection connection(port_);
  connection.send(with_length(encode(bet)));
  return connection.receive_packet();
}

std::string LegacyClient::send_packet_batch(std::uint32_t agency,
                                            const std::vector<Bet>& bets) const {
  const Connection connection(port_);
  connection.send(with_length(encode(agency, bets)));
  return connection.receive_packet();
}

std::string LegacyClient::send_batch(std::uint32_t agency, const std::vector<Bet>& bets) const {
  const Connection connection(port_);
  connection.send("\x01" + with_length(encode(agency, bets)));
  return connection.receive_packet();
}

std::optional<std::vector<std::uint32_t>> LegacyClient::ask_winners(std::uint32_t agency) const {
  const Connection connection(port_);
  connection.send("\x02" + with_length(big_endian(agency, 4)));
  const char type = connection.receive(1)[0];
  const std::uint32_t length = connection.receive_u32();
  if (type == 4 && length == 0) {
    return std::nullopt;
  }
  if (type != 3 || length % 4 != 0) {
    throw std::runtime_error("no answer to a Consulta: type " + std::to_string(type) + ", length " +
                             std::to_string(length));
  }
  std::vector<std::uint32_t> documents;
  for (std::uint32_t read = 0; read < length; read += 4) {
    documents.push_back(connection.receive_u32());
  }
  return documents;
}

}  // namespace sorteo::test
