#include "apps/server/surroundings.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <memory>

namespace sorteo {
namespace {

bool is_loopback(const sockaddr& address) noexcept {
  if (address.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    return ntohl(v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
  return address.sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0;
}

// Whether every address of `host` is one that only this machine can reach.
bool is_own(const std::string& host) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) {
    return true;
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, ::freeaddrinfo);
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    if (!is_loopback(*at->ai_addr)) {
      return false;
    }
  }
  return true;
}

std::string key_of(const Configuration& configuration, std::size_t listener) {
  return configuration.server.listeners.size() == 1
             ? "listen.security"
             : "listeners[" + std::to_string(listener) + "].security";
}

}  // namespace

Surroundings look_around(const Configuration& configuration) {
  Surroundings found;
  if (const auto problem = Server::check(configuration.server)) {
    found.faults.push_back({"tls", *problem});
  }
  const auto& listeners = configuration.server.listeners;
  for (std::size_t at = 0; at < listeners.size(); ++at) {
    const ListenerOptions& listener = listeners[at];
    if (listener.security == ListenerSecurity::kMutualTls || is_own(listener.host)) {
      continue;
    }
    const std::string what =
        "others than this machine can reach " + listener.host + ", and it asks for no certificate";
    if (configuration.allow_insecure) {
      found.warnings.push_back(key_of(configuration, at) + ": " + what);
    } else {
      found.faults.push_back(
          {key_of(configuration, at),
           what + "; expected \"mutual_tls\", or \"allow_insecure\": true beside it"});
    }
  }
  return found;
}

}  // namespace sorteo
