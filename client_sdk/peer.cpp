#include "client_sdk/peer.hpp"

#include "core/text.hpp"

namespace sorteo::client {

std::string_view name_of(Stage stage) noexcept {
  switch (stage) {
    case Stage::kLocal:
      return "local";
    case Stage::kResolve:
      return "resolve";
    case Stage::kConnect:
      return "connect";
    case Stage::kSend:
      return "send";
    case Stage::kAnswer:
      return "answer";
  }
  return "unknown stage";
}

Peer::Peer(const std::string& host, std::uint16_t port) {
  constexpr std::size_t kLongestName = 255;
  const bool is_v6 = host.find(':') != std::string::npos;
  name_ = is_v6 ? '[' + escaped(host, kLongestName) + ']' : escaped(host, kLongestName);
  name_ += ':' + std::to_string(port);
}

Failure Peer::failure(FailureKind kind, Stage stage, std::string_view cause) const {
  std::string message = name_;
  message += ": ";
  message += name_of(stage);
  message += ": ";
  message += cause;
  return {kind, stage, std::move(message)};
}

}  // namespace sorteo::client
