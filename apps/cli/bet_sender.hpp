#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "apps/cli/agency_connection.hpp"
#include "apps/cli/bet_reader.hpp"
#include "apps/cli/delivery_report.hpp"

namespace sorteo::cli {

/// Why not everything was sent.
struct SendFailure {
  enum class Cause { kInput, kConnection, kRefused, kOutbox, kInterrupted };

  Cause cause;
  std::string message;  ///< a sentence for a person
};

/// Sends checked bets, and stops at the first thing that goes wrong; by then it knows as much as
/// can be known of every batch, and the report holds it. Not thread-safe.
class BetSender final {
 public:
  /// The connection reports every batch to `report`. All must outlive the sender. `is_interrupted`
  /// is asked between two bets.
  BetSender(AgencyConnection& connection, const DeliveryReport& report,
            std::function<bool()> is_interrupted);

  /// Waits until every bet that earlier runs have taken has its outcome.
  [[nodiscard]] std::optional<SendFailure> settle_earlier();

  /// Sends every bet of `bets` behind the first `taken`, and waits until each is answered. Nothing
  /// when all went well.
  [[nodiscard]] std::optional<SendFailure> send(BetReader& bets, std::uint64_t taken = 0);

 private:
  using Call = std::function<std::optional<client::Failure>()>;

  std::optional<client::Failure> patiently(const Call& call);
  SendFailure give_up(const client::Failure& failure);
  SendFailure settle(SendFailure failure);

  AgencyConnection& connection_;
  const DeliveryReport& report_;
  const std::function<bool()> is_interrupted_;
};

}  // namespace sorteo::cli
