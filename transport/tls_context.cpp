#include "transport/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>

#include "transport/certificate_agencies.hpp"

namespace sorteo {
namespace {

// A certificate of the agency, two between, and the CA.
constexpr int kMaxDepth = 4;

// Without a passphrase: a server that asks a terminal for one does not start again by itself.
int no_passphrase(char*, int, int, void*) { return 0; }

// Why OpenSSL, or the system under it, would not take `file`.
std::string problem_with(const char* what, const std::string& file) {
  if (file.empty()) {
    return std::string("no file is given for the ") + what;
  }
  std::FILE* const opened = std::fopen(file.c_str(), "re");
  if (opened == nullptr) {
    return std::string(what) + " " + file + ": " + std::strerror(errno);
  }
  std::fclose(opened);
  const unsigned long code = ERR_peek_error();
  const char* reason = ERR_reason_error_string(code);
  if (ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE) {
    reason = "it holds nothing of that kind in PEM";
  } else if (ERR_GET_LIB(code) == ERR_LIB_PEM) {
    reason = "it cannot be read as PEM without a passphrase";
  }
  return std::string(what) + " " + file + ": " + (reason ? reason : "it cannot be used");
}

// A peer whose certificate names no agency is refused like one that nobody vouches for.
int take_certificate_of_agency(int is_good, X509_STORE_CTX* checked) {
  if (is_good != 1 || X509_STORE_CTX_get_error_depth(checked) > 0) {
    return is_good;
  }
  try {
    if (!agencies_in(*X509_STORE_CTX_get_current_cert(checked)).empty()) {
      return 1;
    }
    X509_STORE_CTX_set_error(checked, X509_V_ERR_APPLICATION_VERIFICATION);
  } catch (const std::exception&) {
    X509_STORE_CTX_set_error(checked, X509_V_ERR_OUT_OF_MEM);
  }
  return 0;
}

std::string text_of(const ASN1_TIME* time) {
  std::tm parts{};
  char text[32] = "unknown";
  if (ASN1_TIME_to_tm(time, &parts) == 1) {
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  }
  return text;
}

}  // namespace

void TlsContext::Free::operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }

TlsContext::~TlsContext() = default;

TlsContext::Read TlsContext::read(const TlsFiles& files, bool asks_for_certificates) {
  const std::shared_ptr<TlsContext> context(new TlsContext);
  std::string problem;
  ERR_clear_error();
  const bool is_loaded = context->load(files, asks_for_certificates, problem);
  ERR_clear_error();
  if (!is_loaded) {
    return problem;
  }
  return std::shared_ptr<const TlsContext>(context);
}

bool TlsContext::load(const TlsFiles& files, bool asks_for_certificates, std::string& problem) {
  context_.reset(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* const context = context_.get();
  if (context == nullptr) {
    problem = "OpenSSL has no memory";
    return false;
  }
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // No renegotiation, through which a peer could make the server compute and write without end; no
  // compression. No resumption: connections live long, and a session that is resumed would not be
  // looked up among the revoked.
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  // With TLS 1.2 only what TLS 1.3 has, too: forward secrecy and authenticated encryption.
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  // The rest of an answer is written from wherever it lies by then; an idle connection keeps no
  // buffers.
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  SSL_CTX_set_verify_depth(context, kMaxDepth);

  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
    problem = problem_with("certificate", files.certificate);
    return false;
  }
  ERR_clear_error();
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    problem =
        ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH ||
                ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_TYPE_MISMATCH
            ? "key " + files.key + ": it is not the key of the certificate " + files.certificate
            : problem_with("key", files.key);
    return false;
  }
  if (asks_for_certificates) {
    if (SSL_CTX_load_verify_locations(context, files.ca.c_str(), nullptr) != 1) {
      problem = problem_with("CA", files.ca);
      return false;
    }
    SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(files.ca.c_str()));
    if (!files.crl.empty() && !load_revoked(files.crl, problem)) {
      return false;
    }
  }
  look_at(files);
  return true;
}

bool TlsContext::load_revoked(const std::string& file, std::string& problem) {
  X509_STORE* const store = SSL_CTX_get_cert_store(context_.get());
  X509_LOOKUP* const lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  if (lookup == nullptr || X509_load_crl_file(lookup, file.c_str(), X509_FILETYPE_PEM) < 1) {
    problem = problem_with("list of the revoked", file);
    return false;
  }
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
  return true;
}

void TlsContext::look_at(const TlsFiles& files) {
  const X509* const certificate = SSL_CTX_get0_certificate(context_.get());
  valid_until_ = text_of(X509_get0_notAfter(certificate));
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
    warnings_.push_back("certificate " + files.certificate + ": it has expired, on " +
                        valid_until_);
  }
  if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
    warnings_.push_back("certificate " + files.certificate + ": it is not valid before " +
                        text_of(X509_get0_notBefore(certificate)));
  }
  struct stat key {};
  if (::stat(files.key.c_str(), &key) == 0 && (key.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    warnings_.push_back("key " + files.key + ": others than its owner may use it; chmod 600 it");
  }
}

SSL* TlsContext::open(bool asks_for_certificate) const noexcept {
  SSL* const connection = SSL_new(context_.get());
  if (connection != nullptr) {
    SSL_set_verify(
        connection,
        asks_for_certificate ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_NONE,
        asks_for_certificate ? take_certificate_of_agency : nullptr);
  }
  return connection;
}

}  // namespace sorteo
