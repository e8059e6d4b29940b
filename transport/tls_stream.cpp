#include "transport/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <cerrno>
#include <cstring>
#include <new>

#include "transport/certificate_agencies.hpp"

namespace sorteo {
namespace {

// The certificate that the peer has shown must be in order; what is wrong with it says more than
// OpenSSL's "certificate verify failed".
std::string problem_of_certificate(long verdict) {
  switch (verdict) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return "the peer's certificate comes from a CA that is not trusted here";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "the peer's certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the peer's certificate is not valid yet";
    case X509_V_ERR_CERT_REVOKED:
      return "the peer's certificate has been revoked";
    case X509_V_ERR_INVALID_PURPOSE:
      return "the peer's certificate is not one for a client";
    case X509_V_ERR_APPLICATION_VERIFICATION:
      return "the peer's certificate names no agency, by a URI such as urn:sorteo:agency:17";
    case X509_V_ERR_UNABLE_TO_GET_CRL:
      return "the list of the revoked is not of the CA of the peer's certificate";
    case X509_V_ERR_CRL_HAS_EXPIRED:
      return "the list of the revoked is out of date";
    default:
      return std::string("the peer's certificate: ") + X509_verify_cert_error_string(verdict);
  }
}

// What only the other side can know.
bool is_alert(unsigned long error) noexcept {
  return ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) > SSL_AD_REASON_OFFSET;
}

std::string problem_of_handshake(unsigned long error) {
  const char* const reason = ERR_reason_error_string(error);
  if (is_alert(error)) {
    const int alert = ERR_GET_REASON(error) - SSL_AD_REASON_OFFSET;
    return std::string("the peer has refused it: ") + SSL_alert_desc_string_long(alert);
  }
  switch (ERR_GET_REASON(error)) {
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return "the peer has shown no certificate";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_UNKNOWN_PROTOCOL:
      return "the peer speaks only versions before TLS 1.2";
    case SSL_R_NO_SHARED_CIPHER:
      return "no cipher in common";
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
      return "the peer has closed the connection in the middle";
    case SSL_R_HTTP_REQUEST:
    case SSL_R_WRONG_VERSION_NUMBER:
      return "what the peer sends is no TLS";
    default:
      return reason ? reason : "unknown error";
  }
}

}  // namespace

void TlsStream::Free::operator()(SSL* connection) const noexcept { SSL_free(connection); }

TlsStream::TlsStream(int socket, std::shared_ptr<const TlsContext> context,
                     bool asks_for_certificate)
    : context_(std::move(context)), connection_(context_->open(asks_for_certificate)) {
  if (!connection_ || SSL_set_fd(connection_.get(), socket) != 1) {
    throw std::bad_alloc();
  }
  SSL_set_accept_state(connection_.get());
}

TlsStream::~TlsStream() = default;

TlsStream::Outcome TlsStream::handshake() noexcept {
  if (is_abandoned_) {
    return Outcome::kFailed;
  }
  ERR_clear_error();
  errno = 0;
  const Outcome outcome = judge(SSL_do_handshake(connection_.get()));
  if (outcome == Outcome::kEnd) {
    error_ = ERR_PACK(ERR_LIB_SSL, 0, SSL_R_UNEXPECTED_EOF_WHILE_READING);
    return Outcome::kFailed;
  }
  return outcome;
}

TlsStream::Transfer TlsStream::read(std::span<std::byte> to) noexcept {
  if (is_abandoned_) {
    return {Outcome::kFailed};
  }
  ERR_clear_error();
  errno = 0;
  std::size_t count = 0;
  const int result = SSL_read_ex(connection_.get(), to.data(), to.size(), &count);
  return {judge(result), count};
}

TlsStream::Transfer TlsStream::write(std::string_view from) noexcept {
  if (is_abandoned_) {
    return {Outcome::kFailed};
  }
  ERR_clear_error();
  errno = 0;
  std::size_t count = 0;
  const int result = SSL_write_ex(connection_.get(), from.data(), from.size(), &count);
  return {judge(result), count};
}

TlsStream::Outcome TlsStream::end() noexcept {
  if (is_abandoned_) {
    return Outcome::kFailed;
  }
  ERR_clear_error();
  errno = 0;
  const int result = SSL_shutdown(connection_.get());
  return result >= 0 ? Outcome::kDone : judge(result);  // 0: sent, and the peer's is still to come
}

TlsStream::Outcome TlsStream::judge(int result) noexcept {
  if (result > 0) {
    return Outcome::kDone;
  }
  const int system_error = errno;
  switch (SSL_get_error(connection_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Outcome::kNeedsRead;
    case SSL_ERROR_WANT_WRITE:
      return Outcome::kNeedsWrite;
    case SSL_ERROR_ZERO_RETURN:
      return Outcome::kEnd;
    default:
      error_ = ERR_peek_error();
      system_error_ = error_ == 0 ? system_error : 0;
      return Outcome::kFailed;
  }
}

std::vector<std::uint32_t> TlsStream::agencies() const {
  const X509* const certificate = SSL_get0_peer_certificate(connection_.get());
  return certificate ? agencies_in(*certificate) : std::vector<std::uint32_t>();
}

std::string TlsStream::version() const { return SSL_get_version(connection_.get()); }

std::string TlsStream::failure() const {
  if (is_abandoned_) {
    return "the connection was closed";
  }
  if (error_ == 0) {
    return system_error_ != 0 ? std::strerror(system_error_)
                              : "the peer has closed the connection in the middle";
  }
  const long verdict = SSL_get_verify_result(connection_.get());
  return verdict != X509_V_OK && !is_alert(error_) ? problem_of_certificate(verdict)
                                                   : problem_of_handshake(error_);
}

}  // namespace sorteo
