#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bet.hpp"

namespace sorteo::test {

/// The clients in the field, as they behave: a connection for each request, the request sent whole,
/// the answer read, the connection closed. Written from docs/protocol.md with none of the
/// project's codec, so that a mistake there is not made here again.
///
/// Every call gives up after 60 seconds of silence. Errors are a std::runtime_error: a test that
/// meets one has failed.
class LegacyClient final {
 public:
  explicit LegacyClient(std::uint16_t port) : port_(port) {}

  /// Generation 5: a Packet with one bet. Returns the payload of the Packet that answers.
  std::string send_bet(const Bet& bet) const;

  /// Generation 6: a Packet with a batch. Returns the payload of the Packet that answers.
  std::string send_packet_batch(std::uint32_t agency, const std::vector<Bet>& bets) const;

  /// Generation 8: a BatchBet message. Returns the payload of the Packet that answers.
  std::string send_batch(std::uint32_t agency, const std::vector<Bet>& bets) const;

  /// Generation 8: a Consulta. Returns the winners' documents, or nothing when told to wait.
  std::optional<std::vector<std::uint32_t>> ask_winners(std::uint32_t agency) const;

 private:
  std::uint16_t port_;
};

}  // namespace sorteo::test
