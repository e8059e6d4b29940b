#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "client_sdk/client.hpp"

namespace sorteo::client {

/// The word for `stage` in messages: "connect", "answer", ...
std::string_view name_of(Stage stage) noexcept;

/// The server as messages name it, and the failures that concern it.
class Peer final {
 public:
  Peer(const std::string& host, std::uint16_t port);

  /// A failure whose message is `<host>:<port>: <stage>: <cause>`.
  Failure failure(FailureKind kind, Stage stage, std::string_view cause) const;

 private:
  std::string name_;
};

}  // namespace sorteo::client
