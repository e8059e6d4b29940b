#include "tests/support/batch_bytes.hpp"

#include <stdexcept>

namespace sorteo::test {

Bet ana() { return {"Ana", "Paz", "30904465", "1999-03-17", "7574"}; }

Bet tiago() { return {"Tiago Nicolás", "Rivera", "34407251", "2001-08-29", "1033"}; }

std::vector<Bet> many_bets(std::uint32_t count) {
  std::vector<Bet> bets;
  bets.reserve(count);
  for (std::uint32_t document = 1; document <= count; ++document) {
    bets.push_back({"Ana", "Paz", std::to_string(document), "1999-03-17", "1000"});
  }
  return bets;
}

std::string bet_bytes(const Bet& bet) {
  return field_bytes({{1, bet.first_name},
                      {2, bet.last_name},
                      {3, bet.document},
                      {4, bet.birthdate},
                      {5, bet.number}});
}

std::string packets_of(const std::vector<Bet>& bets) {
  std::string packets;
  for (const Bet& bet : bets) {
    packets += packet_bytes(bet_bytes(bet));
  }
  return packets;
}

std::string batch_bytes(std::uint32_t agency, const std::vector<Bet>& bets) {
  return agency_bytes(agency) + packets_of(bets);
}

Fields ana_fields() {
  return {{1, "Ana"}, {2, "Paz"}, {3, "30904465"}, {4, "1999-03-17"}, {5, "7574"}};
}

std::string field_bytes(const Fields& fields) {
  std::string bytes;
  for (const auto& [tag, value] : fields) {
    append_u8(bytes, static_cast<std::uint8_t>(tag));
    append_u16(bytes, static_cast<std::uint16_t>(value.size()));
    bytes += value;
  }
  return bytes;
}

std::string packet_bytes(std::string_view payload) {
  std::string bytes;
  append_u32(bytes, static_cast<std::uint32_t>(payload.size()));
  bytes += payload;
  return bytes;
}

std::string agency_bytes(std::uint32_t agency) {
  std::string bytes;
  append_u32(bytes, agency);
  return bytes;
}

std::string from_hex(std::string_view hex) {
  const auto digit = [](char c) -> unsigned {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto lower = static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    const auto at = kDigits.find(lower);
    if (at == std::string_view::npos) {
      throw std::invalid_argument("not a hexadecimal digit: " + std::string(1, c));
    }
    return static_cast<unsigned>(at);
  };
  if (hex.size() % 2 != 0) {
    throw std::invalid_argument("an odd number of hexadecimal digits");
  }
  std::string bytes;
  for (std::size_t at = 0; at < hex.size(); at += 2) {
    append_u8(bytes, static_cast<std::uint8_t>(digit(hex[at]) << 4 | digit(hex[at + 1])));
  }
  return bytes;
}

std::vector<Bet> bets_of(const Batch& batch) {
  std::vector<Bet> bets;
  for (const BetView& view : batch) {
    bets.push_back(to_bet(view));
  }
  return bets;
}

Bet to_bet(const BetView& view) {
  return {std::string(view.first_name), std::string(view.last_name), std::string(view.document),
          std::string(view.birthdate), std::string(view.number)};
}

}  // namespace sorteo::test
