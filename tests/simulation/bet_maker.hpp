#pragma once

#include <cstdint>
#include <string>

#include "tests/simulation/chance.hpp"
#include "tests/simulation/model.hpp"

namespace sorteo::simulation {

/// Makes batches no two of which are alike, and tells the model of each.
class BetMaker final {
 public:
  static constexpr std::uint32_t kWinningNumber = 7574;
  /// What the server takes of a batch, in bytes of Packets.
  static constexpr std::uint32_t kMostBytes = 600;

  BetMaker(Model& model, Chance chance) noexcept : model_(model), chance_(chance) {}

  struct Made {
    std::string packets;
    std::uint32_t bets = 0;  ///< as its sender counts them
    bool is_well_formed = true;
  };

  /// A batch for `name`: mostly of one to three bets, now and then empty, or with a bet that breaks
  /// a rule.
  Made make(const BatchName& name);
  /// The same without bets that break a rule.
  Made make_well_formed(const BatchName& name);
  /// One of more bytes than the server takes.
  Made make_oversized(const BatchName& name);
  /// One for a client of version 1.
  Made make_plain(std::uint32_t agency);

 private:
  Made make(std::uint32_t bets, bool is_well_formed, Content content);

  Model& model_;
  Chance chance_;
  std::uint32_t document_ = 0;
};

}  // namespace sorteo::simulation
