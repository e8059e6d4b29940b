#pragma once

#include <openssl/types.h>

#include <boost/system/result.hpp>
#include <memory>
#include <string>
#include <vector>

#include "transport/tls_files.hpp"

namespace sorteo {

/// The keys and certificates of a server, as they were when they were read. Never changed, so that
/// connections on any thread share one; when the files change, new connections get another.
class TlsContext final {
 public:
  using Read = boost::system::result<std::shared_ptr<const TlsContext>, std::string>;

  /// Reads `files`. `asks_for_certificates` says whether the CA is needed. The error is a sentence
  /// that names the file and what is wrong with it.
  static Read read(const TlsFiles& files, bool asks_for_certificates);

  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  ~TlsContext();

  /// The state of a new connection, for the server's side, which the caller frees; null without
  /// memory. With `asks_for_certificate` the peer must show one that the CA vouches for.
  SSL* open(bool asks_for_certificate) const noexcept;

  /// What an operator should know, though it works: a key that others can read, a certificate that
  /// is not valid now. One sentence each.
  const std::vector<std::string>& warnings() const noexcept { return warnings_; }

  /// The last moment at which the server's certificate is valid, as `2027-11-27T17:00:00Z`.
  const std::string& valid_until() const noexcept { return valid_until_; }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const noexcept;
  };

  TlsContext() = default;
  bool load(const TlsFiles& files, bool asks_for_certificates, std::string& problem);
  bool load_revoked(const std::string& file, std::string& problem);
  void look_at(const TlsFiles& files);

  std::unique_ptr<SSL_CTX, Free> context_;
  std::vector<std::string> warnings_;
  std::string valid_until_;
};

}  // namespace sorteo
