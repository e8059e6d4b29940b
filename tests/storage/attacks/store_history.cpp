#include "tests/storage/attacks/store_history.hpp"

#include <algorithm>

namespace sorteo::test {
namespace {

using Kind = StoreEntry::Kind;

std::string text_of(const StoreEntry& entry) {
  std::string text = std::to_string(entry.agency) + ":";
  for (const std::string& name : entry.names) {
    text += " " + name;
  }
  return text;
}

}  // namespace

StoreHistory::Id StoreHistory::ask(StoreEntry entry) {
  for (const SenderKey& sender : {SenderKey{entry.agency, {}}, entry.sender()}) {
    if (std::find(senders_.begin(), senders_.end(), sender) == senders_.end()) {
      senders_.push_back(sender);
    }
  }
  rows_.push_back({next_, std::move(entry)});
  return next_++;
}

void StoreHistory::acknowledge(Id id, bool is_synced) {
  for (Row& row : rows_) {
    if (row.id == id) {
      row.is_acknowledged = true;
      row.is_hard = row.is_hard || is_synced;
    }
  }
}

void StoreHistory::refuse(Id id) {
  std::erase_if(rows_, [id](const Row& row) { return row.id == id; });
  counted_ = 0;
}

void StoreHistory::harden() {
  for (Row& row : rows_) {
    row.is_hard = row.is_hard || row.is_acknowledged;
  }
}

void StoreHistory::add(const StoreEntry& entry, StoreContents& contents) {
  if (entry.holds_bets()) {
    contents.batches.push_back(text_of(entry));
    contents.bets += entry.names.size();
    contents.agency_bets[entry.agency] += entry.names.size();
  }
  if (entry.is_identified()) {
    contents.senders[entry.sender()] = entry.sequence;
  }
  if (entry.kind == Kind::kFinish) {
    contents.finished.push_back(entry.agency);
  }
  if (entry.kind == Kind::kDraw) {
    contents.winning_number = entry.number;
  }
}

std::size_t StoreHistory::least(bool power_was_cut) const {
  const auto last = std::find_if(rows_.rbegin(), rows_.rend(), [&](const Row& row) {
    return power_was_cut ? row.is_hard : row.is_acknowledged;
  });
  return static_cast<std::size_t>(rows_.rend() - last);
}

std::optional<std::string> StoreHistory::settle(const StoreContents& found, bool power_was_cut) {
  const std::size_t floor = least(power_was_cut);
  const auto size = matches(found, floor);
  if (!size) {
    return "the store holds what is no beginning of " + std::to_string(rows_.size()) +
           " changes, of which the first " + std::to_string(floor) + " must be there: it holds " +
           describe(found) + "; all of them were " + describe(contents());
  }
  cut_to(*size);
  return std::nullopt;
}

std::optional<std::size_t> StoreHistory::matches(const StoreContents& found,
                                                 std::size_t least) const {
  StoreContents made;
  for (std::size_t size = 0;; ++size) {
    if (size >= least && made == found) {
      return size;
    }
    if (size == rows_.size() || made.batches.size() > found.batches.size()) {
      return std::nullopt;
    }
    add(rows_[size].entry, made);
  }
}

const StoreContents& StoreHistory::contents() const {
  if (counted_ == 0) {
    contents_ = {};
  }
  for (; counted_ < rows_.size(); ++counted_) {
    add(rows_[counted_].entry, contents_);
  }
  return contents_;
}

void StoreHistory::cut_to(std::size_t size) {
  rows_.resize(size);
  for (Row& row : rows_) {
    row.is_acknowledged = true;
    row.is_hard = true;
  }
  counted_ = 0;
}

const StoreEntry* StoreHistory::find(const SenderKey& sender, std::uint64_t sequence) const {
  for (const Row& row : rows_) {
    if (row.entry.is_identified() && row.entry.sender() == sender &&
        row.entry.sequence == sequence) {
      return &row.entry;
    }
  }
  return nullptr;
}

std::uint64_t StoreHistory::last_sequence(const SenderKey& sender) const {
  std::uint64_t last = 0;
  for (const Row& row : rows_) {
    if (row.entry.is_identified() && row.entry.sender() == sender) {
      last = row.entry.sequence;
    }
  }
  return last;
}

std::uint64_t StoreHistory::bets_of(std::uint32_t agency) const {
  std::uint64_t bets = 0;
  for (const Row& row : rows_) {
    bets += row.entry.agency == agency && row.entry.holds_bets() ? row.entry.names.size() : 0;
  }
  return bets;
}

bool StoreHistory::has_finished(std::uint32_t agency) const {
  return std::any_of(rows_.begin(), rows_.end(), [agency](const Row& row) {
    return row.entry.kind == Kind::kFinish && row.entry.agency == agency;
  });
}

std::optional<std::uint32_t> StoreHistory::draw() const {
  for (const Row& row : rows_) {
    if (row.entry.kind == Kind::kDraw) {
      return row.entry.number;
    }
  }
  return std::nullopt;
}

}  // namespace sorteo::test
