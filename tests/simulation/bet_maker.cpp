#include "tests/simulation/bet_maker.hpp"

#include <utility>

#include "core/batch.hpp"

namespace sorteo::simulation {

BetMaker::Made BetMaker::make(const BatchName& name) {
  const bool is_empty = chance_.happens(1, 20);
  const bool is_well_formed = is_empty || !chance_.happens(1, 12);
  return make(is_empty ? 0 : static_cast<std::uint32_t>(chance_.between(1, 3)), is_well_formed,
              {name.agency, name.sequence, name.session, std::nullopt});
}

BetMaker::Made BetMaker::make_well_formed(const BatchName& name) {
  const bool is_empty = chance_.happens(1, 20);
  return make(is_empty ? 0 : static_cast<std::uint32_t>(chance_.between(1, 3)), true,
              {name.agency, name.sequence, name.session, std::nullopt});
}

BetMaker::Made BetMaker::make_oversized(const BatchName& name) {
  constexpr std::uint32_t kLeastBytesOfABet = 40;
  return make(kMostBytes / kLeastBytesOfABet + 1, true,
              {name.agency, name.sequence, name.session, std::nullopt});
}

BetMaker::Made BetMaker::make_plain(std::uint32_t agency) {
  return make(static_cast<std::uint32_t>(chance_.between(1, 3)), true,
              {agency, std::nullopt, {}, std::nullopt});
}

BetMaker::Made BetMaker::make(std::uint32_t bets, bool is_well_formed, Content content) {
  Made made{{}, bets, is_well_formed};
  for (std::uint32_t bet = 0; bet < bets; ++bet) {
    const std::uint32_t document = ++document_;
    const bool wins = chance_.happens(1, 4);
    const std::string text = std::to_string(document);
    const bool is_wrong = !is_well_formed && bet + 1 == bets;
    append_packet(made.packets, {"Ana", "Paz", text, is_wrong ? "1999-02-30" : "1999-03-17",
                                 wins ? "7574" : "1033"});
    if (wins) {
      content.winning.push_back(document);
    }
  }
  if (is_well_formed) {
    content.bets = bets;
  }
  model_.offer(made.packets, content);
  return made;
}

}  // namespace sorteo::simulation
