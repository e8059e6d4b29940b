#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sorteo::test {

/// How a client speaks TLS.
struct TlsClientOptions {
  std::string ca{};           ///< trusted; empty: everybody is
  std::string certificate{};  ///< shown; empty: none
  std::string key{};
  int least_version = 0;  ///< TLS1_2_VERSION, ...; 0: what OpenSSL thinks right
  int most_version = 0;
  std::string ciphers{};  ///< of TLS 1.2
};

/// A blocking client that speaks TLS on loopback. Nothing blocks for longer than 20 s.
class TlsClient final {
 public:
  /// Connects; the handshake is to be made.
  TlsClient(std::uint16_t port, const TlsClientOptions& options);
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  ~TlsClient();

  /// Empty, or why it failed. With TLS 1.3 the server may refuse the client's certificate after
  /// it: then the first receive() fails.
  std::string handshake();

  bool send(std::string_view bytes);

  /// Exactly `count` bytes, or fewer when the stream ended; then ending() says how.
  std::string receive(std::size_t count);

  /// Everything until the end of the stream.
  std::string receive_all();

  /// `close_notify`, `end` without one, or what OpenSSL says.
  const std::string& ending() const noexcept { return ending_; }

  /// Ends our direction (close_notify), as a half-close.
  void end_stream();

  /// Closes so that the peer is told by a reset.
  void reset();

  std::string version() const;

  /// The name of the certificate that the server has shown.
  std::string server_name() const;

 private:
  struct Free {
    void operator()(SSL* connection) const noexcept;
    void operator()(SSL_CTX* context) const noexcept;
  };

  std::string why(int result);

  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> connection_;
  int socket_;
  std::string ending_;
};

}  // namespace sorteo::test
