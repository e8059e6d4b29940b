#pragma once

#include <string>

namespace sorteo {

/// Where TLS has its keys from. All are PEM files.
struct TlsFiles {
  std::string certificate{};  ///< the server's, followed by those between it and its CA
  std::string key{};          ///< of that certificate; without a passphrase
  std::string
      ca{};  ///< the CAs that certificates of agencies must come from; needed to ask for one
  std::string crl{};  ///< what these CAs have revoked; empty: nothing. Must then cover each of them

  friend bool operator==(const TlsFiles&, const TlsFiles&) = default;
};

}  // namespace sorteo
