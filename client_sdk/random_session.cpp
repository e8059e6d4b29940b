#include "client_sdk/random_session.hpp"

#include <random>

#include "core/bytes.hpp"

namespace sorteo::client {

SessionId random_session() {
  std::random_device source;
  SessionId session;
  for (std::size_t at = 0; at < session.bytes.size(); at += sizeof(std::uint32_t)) {
    store_u32(session.bytes.data() + at, source());
  }
  return session;
}

}  // namespace sorteo::client
