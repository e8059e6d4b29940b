#include "core/peer.hpp"

#include <algorithm>

namespace sorteo {

bool Peer::may_speak_for(std::uint32_t agency) const noexcept {
  return !agencies || std::binary_search(agencies->begin(), agencies->end(), agency);
}

std::string Peer::agencies_text() const {
  if (!agencies) {
    return "any";
  }
  std::string text;
  for (const std::uint32_t agency : *agencies) {
    text += (text.empty() ? "" : ",") + std::to_string(agency);
  }
  return text;
}

}  // namespace sorteo
