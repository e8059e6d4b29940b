#pragma once

#include <cstdint>
#include <string>

namespace sorteo {

/// What a listener wants to know of who connects.
enum class ListenerSecurity : std::uint8_t {
  kPlain,      ///< nothing, and everybody on the way can read and change what is sent
  kTls,        ///< nothing; the server shows its certificate
  kMutualTls,  ///< a certificate that names the agencies that the peer speaks for
};

struct ListenerOptions {
  std::string host = "127.0.0.1";  ///< an address, or a name that resolves to one
  std::uint16_t port = 0;          ///< TCP; 0 lets the system choose
  ListenerSecurity security = ListenerSecurity::kPlain;

  friend bool operator==(const ListenerOptions&, const ListenerOptions&) = default;
};

}  // namespace sorteo
