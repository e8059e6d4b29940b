#include "tests/support/tls_client.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace sorteo::test {
namespace {

int connect_to(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{20, 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(descriptor);
    throw std::system_error(errno, std::generic_category(), "connect");
  }
  return descriptor;
}

void require(bool holds, const char* what) {
  if (!holds) {
    throw std::runtime_error(what);
  }
}

}  // namespace

void TlsClient::Free::operator()(SSL* connection) const noexcept { SSL_free(connection); }
void TlsClient::Free::operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }

TlsClient::TlsClient(std::uint16_t port, const TlsClientOptions& options)
    : context_(SSL_CTX_new(TLS_client_method())), socket_(connect_to(port)) {
  ::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  SSL_CTX* const context = context_.get();
  SSL_CTX_set_security_level(context, 0);  // a client may be as old as a test wants it
  SSL_CTX_set_min_proto_version(context, options.least_version);
  SSL_CTX_set_max_proto_version(context, options.most_version);
  if (!options.ciphers.empty()) {
    require(SSL_CTX_set_cipher_list(context, options.ciphers.c_str()) == 1, "ciphers");
  }
  if (!options.ca.empty()) {
    require(SSL_CTX_load_verify_locations(context, options.ca.c_str(), nullptr) == 1, "CA");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  }
  if (!options.certificate.empty()) {
    require(SSL_CTX_use_certificate_chain_file(context, options.certificate.c_str()) == 1,
            "certificate");
    require(SSL_CTX_use_PrivateKey_file(context, options.key.c_str(), SSL_FILETYPE_PEM) == 1,
            "key");
  }
  connection_.reset(SSL_new(context));
  require(SSL_set_fd(connection_.get(), socket_) == 1, "socket");
}

TlsClient::~TlsClient() {
  if (socket_ >= 0) {
    ::close(socket_);
  }
}

std::string TlsClient::handshake() {
  ERR_clear_error();
  const int result = SSL_connect(connection_.get());
  return result == 1 ? "" : why(result);
}

bool TlsClient::send(std::string_view bytes) {
  ERR_clear_error();
  std::size_t sent = 0;
  return SSL_write_ex(connection_.get(), bytes.data(), bytes.size(), &sent) == 1;
}

std::string TlsClient::receive(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t got = 0;
  while (got < count) {
    std::size_t some = 0;
    ERR_clear_error();
    const int result = SSL_read_ex(connection_.get(), bytes.data() + got, count - got, &some);
    if (result != 1) {
      ending_ = why(result);
      break;
    }
    got += some;
  }
  bytes.resize(got);
  return bytes;
}

std::string TlsClient::receive_all() {
  std::string all;
  while (ending_.empty()) {
    all += receive(1);
  }
  return all;
}

void TlsClient::end_stream() { SSL_shutdown(connection_.get()); }

void TlsClient::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(socket_);
  socket_ = -1;
}

std::string TlsClient::version() const { return SSL_get_version(connection_.get()); }

std::string TlsClient::server_name() const {
  X509* const certificate = SSL_get0_peer_certificate(connection_.get());
  char name[256] = "";
  if (certificate != nullptr) {
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name,
                              sizeof name);
  }
  return name;
}

std::string TlsClient::why(int result) {
  const int system_error = errno;
  switch (SSL_get_error(connection_.get(), result)) {
    case SSL_ERROR_ZERO_RETURN:
      return "close_notify";
    case SSL_ERROR_SYSCALL:
      return system_error == 0 ? "end" : std::strerror(system_error);
    default: {
      const char* const reason = ERR_reason_error_string(ERR_peek_error());
      return reason ? reason : "unknown";
    }
  }
}

}  // namespace sorteo::test
