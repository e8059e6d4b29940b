#include "tests/storage/attacks/store_contents.hpp"

#include <sstream>

#include "tests/storage/test_bets.hpp"

namespace sorteo::test {

boost::system::result<StoreContents, StoreFailure> contents_of(
    const BetStore& store, const std::vector<SenderKey>& senders) {
  BatchLister lister;
  if (auto failure = store.visit(lister)) {
    return std::move(*failure);
  }
  const StoreState& state = store.recovered();
  StoreContents contents;
  contents.batches = std::move(lister.seen);
  contents.bets = state.bets;
  contents.finished = state.finished;
  contents.winning_number = state.winning_number;
  for (const SenderKey& sender : senders) {
    const SessionState known = store.session(sender.agency, sender.session);
    if (known.durable > 0) {
      contents.senders[sender] = known.durable;
    }
    if (known.agency_bets > 0) {
      contents.agency_bets[sender.agency] = known.agency_bets;
    }
  }
  if (state.batches != contents.batches.size() || state.sessions != contents.senders.size()) {
    return StoreFailure{{},
                        "the store says that it has " + std::to_string(state.batches) +
                            " batches and " + std::to_string(state.sessions) +
                            " sessions, and shows " + describe(contents)};
  }
  return contents;
}

std::string describe(const StoreContents& contents) {
  constexpr std::size_t kLast = 5;
  std::ostringstream text;
  text << contents.batches.size() << " batches";
  const std::size_t size = contents.batches.size();
  for (std::size_t index = size - std::min(size, kLast); index < size; ++index) {
    text << (index + kLast > size && index > 0 ? "; " : ", ..., ") << contents.batches[index];
  }
  text << "; " << contents.bets << " bets; finished:";
  for (const std::uint32_t agency : contents.finished) {
    text << ' ' << agency;
  }
  text << "; draw: " << contents.winning_number.value_or(0);
  for (const auto& [sender, known] : contents.senders) {
    text << "; sender " << sender.agency << '/' << to_hex(sender.session).substr(0, 4) << " up to "
         << known;
  }
  for (const auto& [agency, bets] : contents.agency_bets) {
    text << "; agency " << agency << " has " << bets;
  }
  return text.str();
}

}  // namespace sorteo::test
