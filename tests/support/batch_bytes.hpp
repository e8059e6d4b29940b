#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/batch.hpp"

namespace sorteo::test {

/// Ana Paz, document 30904465, born 1999-03-17, number 7574: the bet of the protocol's example.
Bet ana();

/// Tiago Nicolás Rivera, document 34407251, born 2001-08-29, number 1033.
Bet tiago();

/// `count` bets that differ in their documents, which are 1, 2, ... None has the number 7574.
std::vector<Bet> many_bets(std::uint32_t count);

/// `bet` without the header of its Packet, as decode_bet reads it.
std::string bet_bytes(const Bet& bet);

/// The Packets of `bets`, one behind the other.
std::string packets_of(const std::vector<Bet>& bets);

/// The payload of a BatchBet.
std::string batch_bytes(std::uint32_t agency, const std::vector<Bet>& bets);

/// Tags with their values, in any order and number: what a bet is made of, right or wrong.
using Fields = std::vector<std::pair<unsigned, std::string>>;

/// The fields of ana() in the order of their tags.
Fields ana_fields();

/// The bytes of `fields`, one behind the other.
std::string field_bytes(const Fields& fields);

/// `payload` behind its length.
std::string packet_bytes(std::string_view payload);

/// The agency behind which packets follow.
std::string agency_bytes(std::uint32_t agency);

/// "0a2B" as two bytes. Throws std::invalid_argument for what is no hexadecimal text.
std::string from_hex(std::string_view hex);

/// Every bet of `batch`, as it shows them when it is walked over.
std::vector<Bet> bets_of(const Batch& batch);

/// The same text in memory of its own.
Bet to_bet(const BetView& view);

}  // namespace sorteo::test
