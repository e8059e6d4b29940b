#include "tests/simulation/model.hpp"

#include <algorithm>
#include <iterator>

namespace sorteo::simulation {
namespace {

std::string text_of(const BatchName& name) {
  return "batch " + std::to_string(name.sequence) + " of agency " + std::to_string(name.agency) +
         ", session " + to_hex(name.session).substr(0, 8);
}

template <typename Map, typename Key>
auto value_of(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? typename Map::mapped_type() : found->second;
}

}  // namespace

void Model::contradict(std::string what) {
  if (contradiction_.empty()) {
    contradiction_ = std::move(what);
  }
}

void Model::offer(std::string packets, const Content& content) {
  if (packets.empty()) {
    return;  // see asked()
  }
  const auto [kept, is_new] = contents_.try_emplace(std::move(packets), content);
  if (content.sequence) {
    offers_[{content.agency, content.session, *content.sequence}].push_back(&kept->first);
  }
}

void Model::asked(const BatchName& name, std::string_view packets) {
  asked_.insert({name.agency, name.session});
  if (packets.empty()) {
    const auto empty = contents_.try_emplace({}, Content{0, 0, {}, 0}).first;
    auto& offers = offers_[name];
    if (std::ranges::count(offers, &empty->first) == 0) {
      offers.push_back(&empty->first);
    }
  }
}

std::optional<std::pair<BatchName, std::string>> Model::promise(std::uint64_t which) const {
  if (fates_.empty()) {
    return std::nullopt;
  }
  const auto& [name, fate] =
      *std::next(fates_.begin(), static_cast<std::ptrdiff_t>(which % fates_.size()));
  return fate.packets == nullptr ? std::nullopt : std::optional(std::pair(name, *fate.packets));
}

bool Model::is_promised(const BatchName& name) const {
  return value_of(durable_, Sender(name.agency, name.session)) >= name.sequence;
}

bool Model::has_bets(const std::string& packets) const {
  return contents_.find(packets)->second.bets.value_or(0) > 0;
}

void Model::stored_plain(std::string_view packets) {
  const auto found = contents_.find(packets);
  if (found == contents_.end() || found->second.sequence || !found->second.bets) {
    return contradict("OK to a batch of version 1 that cannot be stored");
  }
  plain_[found->first] = *found->second.bets > 0;
}

void Model::received(const BatchName& name, std::string_view packets, const Receipt& receipt) {
  const auto offers = offers_.find(name);
  const auto found = contents_.find(packets);
  if (offers == offers_.end() || found == contents_.end() ||
      std::ranges::count(offers->second, &found->first) == 0) {
    return contradict("a receipt for what nobody sent: " + text_of(name));
  }
  const auto& bets = found->second.bets;
  if (receipt.outcome != (bets ? BatchOutcome::kStored : BatchOutcome::kRefused) ||
      receipt.bets != bets.value_or(0)) {
    contradict("a receipt with the outcome of something else: " + text_of(name));
  }
  const auto [fate, is_new] = fates_.try_emplace(name, Fate{&found->first, false});
  if (fate->second.packets != nullptr ? fate->second.packets != &found->first
                                      : has_bets(found->first)) {
    contradict("a receipt where there is a conflict: " + text_of(name));
  }
  if (fate->second.is_old && !receipt.is_duplicate) {
    contradict("stored for the first time for the second time: " + text_of(name));
  }
  fate->second = {&found->first, fate->second.is_old || !receipt.is_duplicate};
  if (receipt.durable < name.sequence) {
    contradict("a receipt before it is durable: " + text_of(name));
  }
  welcomed(name.agency, name.session, receipt.durable);
}

void Model::conflicted(const BatchName& name, std::string_view packets) {
  const auto fate = fates_.find(name);
  if (fate != fates_.end() && fate->second.packets != nullptr && *fate->second.packets == packets) {
    contradict("CONFLICT with itself: " + text_of(name));
  }
  const auto offers = value_of(offers_, name);
  if (std::ranges::all_of(offers, [&](const auto* offer) { return *offer == packets; })) {
    contradict("CONFLICT with what nobody sent: " + text_of(name));
  }
}

void Model::welcomed(std::uint32_t agency, const SessionId& session, std::uint64_t durable) {
  std::uint64_t& promised = durable_[{agency, session}];
  promised = std::max(promised, durable);
}

void Model::finished(std::uint32_t agency, std::optional<std::uint64_t> bets) {
  const auto [known, is_new] = finished_.try_emplace(agency, bets);
  if (bets && known->second.value_or(*bets) != *bets) {
    contradict("agency " + std::to_string(agency) + " finished with two numbers of bets");
  }
  known->second = bets ? bets : known->second;
}

void Model::told_winners(std::uint32_t agency, const std::vector<std::uint32_t>& documents) {
  is_held_ = true;
  const auto [told, is_new] = winners_.try_emplace(agency, documents);
  if (told->second != documents) {
    contradict("the winners of agency " + std::to_string(agency) + " have changed");
  }
}

void Model::told_stored(const BatchName& name, const std::string& packets) {
  const auto [fate, is_new] =
      fates_.try_emplace(name, Fate{&contents_.find(packets)->first, false});
  if (fate->second.packets == nullptr ? has_bets(packets) : *fate->second.packets != packets) {
    contradict("not stored, and its sender was told that it is: " + text_of(name));
  }
}

void Model::told_refused(const BatchName& name, const std::string& packets) {
  refused_[name] = packets;
}

class Model::Viewer final : public BatchVisitor {
 public:
  Viewer(Model& model, Shown& shown) noexcept : model_(model), shown_(shown) {}
  bool visit(const Batch& batch) override {
    model_.show(batch, shown_);
    return true;
  }

 private:
  Model& model_;
  Shown& shown_;
};

Model::Shown Model::look_at(const BetStore& store) {
  Shown shown;
  Viewer viewer(*this, shown);
  if (const auto failure = store.visit(viewer)) {
    contradict("the store cannot be read: " + failure->message);
  }
  return shown;
}

void Model::show(const Batch& batch, Shown& shown) {
  const auto found = contents_.find(as_text(batch.packets()));
  if (found == contents_.end() || found->second.bets != batch.size() || batch.size() == 0 ||
      found->second.agency != batch.agency()) {
    return contradict("the store shows what nobody sent");
  }
  const Content& content = found->second;
  if (++shown.packets[found->first] > 1) {
    contradict("the store shows a batch twice");
  }
  if (content.sequence) {
    const BatchName name{content.agency, content.session, *content.sequence};
    std::uint64_t& last = shown.last[{name.agency, name.session}];
    if (name.sequence <= last) {
      contradict("out of order, or twice under one name: " + text_of(name));
    }
    last = name.sequence;
    shown.names[name] = &found->first;
  }
  shown.bets[content.agency] += batch.size();
  auto& winners = shown.winners[content.agency];
  winners.insert(winners.end(), content.winning.begin(), content.winning.end());
}

// Everything promised is there, and nothing else under the same names.
void Model::check_batches(const Shown& shown) {
  for (const auto& [name, fate] : fates_) {
    const std::string* const expected =
        fate.packets != nullptr && has_bets(*fate.packets) ? fate.packets : nullptr;
    const std::string* const there = value_of(shown.names, name);
    if (there != expected) {
      contradict((there == nullptr ? "lost: " : "another content than promised: ") + text_of(name));
    }
  }
  for (const auto& [name, packets] : refused_) {
    const std::string* const there = value_of(shown.names, name);
    if (there != nullptr && *there == packets) {
      contradict("stored, and its sender was told that it is refused: " + text_of(name));
    }
  }
  for (const auto& [packets, has_any] : plain_) {
    if (has_any && !shown.packets.contains(packets)) {
      contradict("lost: a batch of version 1");
    }
  }
  for (const auto& [agency, bets] : finished_) {
    if (bets && value_of(shown.bets, agency) != *bets) {
      contradict("agency " + std::to_string(agency) + " finished with another number of bets");
    }
  }
}

// The durable part of a session is what is shown of it and what stores no bets, without a gap.
void Model::check_senders(const BetStore& store, const Shown& shown) {
  for (const auto& [sender, durable] : durable_) {
    if (store.session(sender.first, sender.second).durable < durable) {
      contradict("a session has forgotten batches of agency " + std::to_string(sender.first));
    }
  }
  for (const auto& [sender, last] : shown.last) {
    if (store.session(sender.first, sender.second).durable < last) {
      contradict("a session does not know its batches of agency " + std::to_string(sender.first));
    }
  }
  for (const auto& [name, offers] : offers_) {
    if (name.sequence <= store.session(name.agency, name.session).durable &&
        !shown.names.contains(name) &&
        std::ranges::all_of(offers, [this](const auto* each) { return has_bets(*each); })) {
      contradict("durable, but not there: " + text_of(name));
    }
  }
  for (const auto& [agency, bets] : shown.bets) {
    if (store.session(agency, {}).agency_bets != bets) {
      contradict("the store counts other bets of agency " + std::to_string(agency));
    }
  }
}

void Model::check_draw(const Shown& shown) {
  if (bets_at_draw_ && *bets_at_draw_ != shown.bets) {
    contradict("the bets have changed after the draw");
  }
  for (const auto& [agency, documents] : winners_) {
    if (value_of(shown.winners, agency) != documents) {
      contradict("the bets of agency " + std::to_string(agency) + " have other winners");
    }
  }
}

// What a store shows when it has been opened will be there for good.
void Model::take_up(const BetStore& store, const Shown& shown) {
  const StoreState& state = store.recovered();
  std::uint64_t bets = 0;
  for (const auto& [agency, count] : shown.bets) {
    bets += count;
  }
  if (state.bets != bets || state.batches != shown.packets.size()) {
    contradict("the store has recovered other numbers than it shows");
  }
  for (const auto& [agency, count] : finished_) {
    if (std::ranges::count(state.finished, agency) != 1) {
      contradict("forgotten that agency " + std::to_string(agency) + " has finished");
    }
  }
  for (const std::uint32_t agency : state.finished) {
    finished(agency, value_of(shown.bets, agency));
  }
  if (is_held_ && !state.winning_number) {
    contradict("forgotten that the draw has been held");
  }
  if (state.winning_number) {
    is_held_ = true;
    if (*state.winning_number != winning_number_ || state.finished.size() < agencies_) {
      contradict("a draw that was not due");
    }
    bets_at_draw_ = bets_at_draw_.value_or(shown.bets);
    for (const auto& [agency, documents] : shown.winners) {
      told_winners(agency, documents);
      if (state.winners && value_of(*state.winners, agency) != documents) {
        contradict("the winners that were kept are others");
      }
    }
  }
  for (const auto& [name, offers] : offers_) {
    const std::uint64_t durable = store.session(name.agency, name.session).durable;
    welcomed(name.agency, name.session, durable);
    if (name.sequence <= durable) {
      Fate& fate = fates_[name];
      const std::string* const there = value_of(shown.names, name);
      fate = {there != nullptr ? there : fate.packets, true};
    }
  }
}

void Model::check(const BetStore& store) {
  const Shown shown = look_at(store);
  check_batches(shown);
  check_senders(store, shown);
  check_draw(shown);
}

void Model::check_opened(const BetStore& store) {
  const Shown shown = look_at(store);
  check_batches(shown);
  check_senders(store, shown);
  check_draw(shown);
  take_up(store, shown);
}

}  // namespace sorteo::simulation
