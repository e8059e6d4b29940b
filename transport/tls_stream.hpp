#pragma once

#include <openssl/types.h>

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transport/tls_context.hpp"

namespace sorteo {

/// TLS on one connection that the server has accepted. Never waits: each function does what can be
/// done now, and says what it has to wait for. Reads and writes the socket itself, because the
/// buffers between OpenSSL and boost::asio::ssl::stream cost every connection 70 KiB. Not
/// thread-safe.
class TlsStream final {
 public:
  enum class Outcome : std::uint8_t {
    kDone,
    kNeedsRead,   ///< again when the socket can be read from
    kNeedsWrite,  ///< again when it can be written to
    kEnd,         ///< the peer has ended its stream
    kFailed,      ///< what happened is told by failure()
  };

  struct Transfer {
    Outcome outcome;
    std::size_t count = 0;  ///< bytes, with kDone
  };

  /// `socket` is in non-blocking mode, and is closed by its owner, after abandon(). Throws
  /// std::bad_alloc.
  TlsStream(int socket, std::shared_ptr<const TlsContext> context, bool asks_for_certificate);
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;
  ~TlsStream();

  Outcome handshake() noexcept;

  /// Up to `to.size()` bytes.
  Transfer read(std::span<std::byte> to) noexcept;

  /// Some of the bytes of `from`, which is not empty. After kNeedsRead or kNeedsWrite the same
  /// bytes must come again, wherever they lie then.
  Transfer write(std::string_view from) noexcept;

  /// Tells the peer that nothing more will be written (close_notify).
  Outcome end() noexcept;

  /// The socket is going to be closed: from now on everything is kFailed.
  void abandon() noexcept { is_abandoned_ = true; }

  /// The agencies that the peer's certificate names, after the handshake.
  std::vector<std::uint32_t> agencies() const;

  /// `TLSv1.3`
  std::string version() const;

  /// Why the last function failed, for a person.
  std::string failure() const;

 private:
  struct Free {
    void operator()(SSL* connection) const noexcept;
  };

  Outcome judge(int result) noexcept;

  const std::shared_ptr<const TlsContext> context_;  // shared: others may have replaced it
  const std::unique_ptr<SSL, Free> connection_;
  bool is_abandoned_ = false;
  unsigned long error_ = 0;  // OpenSSL's
  int system_error_ = 0;
};

}  // namespace sorteo
