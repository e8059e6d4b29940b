#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/bet_store.hpp"

namespace sorteo::test {

/// One sender of identified batches.
struct SenderKey {
  std::uint32_t agency = 0;
  SessionId session;

  friend bool operator==(const SenderKey&, const SenderKey&) = default;
  friend auto operator<=>(const SenderKey&, const SenderKey&) = default;
};

/// Everything that a store can be asked about, so that two can be compared.
struct StoreContents {
  std::vector<std::string> batches;  ///< those with bets, as text_of() writes them
  std::uint64_t bets = 0;
  std::vector<std::uint32_t> finished;
  std::optional<std::uint32_t> winning_number;
  std::map<SenderKey, std::uint64_t> senders;          ///< those with an outcome, and the last one
  std::map<std::uint32_t, std::uint64_t> agency_bets;  ///< of those agencies that have any

  friend bool operator==(const StoreContents&, const StoreContents&) = default;
};

/// What is in a store that was just opened, asked of `senders`, one of each agency at least; or why
/// it could not be read, or contradicts itself.
[[nodiscard]] boost::system::result<StoreContents, StoreFailure> contents_of(
    const BetStore& store, const std::vector<SenderKey>& senders);

/// For messages: the last batches, and all the rest.
std::string describe(const StoreContents& contents);

}  // namespace sorteo::test
