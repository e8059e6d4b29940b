#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sorteo {

/// Who is at the other end of a connection.
struct Peer {
  std::string address;  ///< `127.0.0.1:40112`, for logs
  /// The agencies that the peer's certificate names, in order, each once. Nothing when the listener
  /// asked for no certificate: then it may be anybody.
  std::optional<std::vector<std::uint32_t>> agencies = std::nullopt;

  /// Whether what the peer says in the name of `agency` may be believed.
  bool may_speak_for(std::uint32_t agency) const noexcept;

  /// `1,3`, for logs; `any` when no certificate was asked for.
  std::string agencies_text() const;
};

}  // namespace sorteo
