#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "client_sdk/client.hpp"

namespace sorteo::cli {

/// The calls of client::Client that the commands use, with the same contracts, so that the commands
/// can be tested without a server.
class AgencyConnection {
 public:
  virtual ~AgencyConnection() = default;

  [[nodiscard]] virtual std::optional<client::Failure> submit(const BetView& bet) = 0;
  [[nodiscard]] virtual std::optional<client::Failure> flush() = 0;
  [[nodiscard]] virtual std::optional<client::Failure> finish(
      std::optional<std::uint64_t> total) = 0;
  [[nodiscard]] virtual std::variant<std::optional<client::Winners>, client::Failure>
  ask_winners() = 0;
  [[nodiscard]] virtual std::variant<client::Winners, client::Failure> wait_for_winners(
      std::chrono::milliseconds patience) = 0;
  virtual std::vector<client::BatchResult> unsettled() const = 0;
};

/// Makes a connection; nothing is sent before it is used.
using Connect = std::function<std::unique_ptr<AgencyConnection>(client::Options)>;

}  // namespace sorteo::cli
