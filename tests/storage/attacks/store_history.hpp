#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/storage/attacks/store_contents.hpp"

namespace sorteo::test {

/// One change that a store was asked for and that may stand in its log.
struct StoreEntry {
  enum class Kind { kBatch, kOnce, kRefusedOnce, kFinish, kDraw };

  Kind kind = Kind::kBatch;
  std::uint32_t agency = 0;
  std::vector<std::string> names = {};  ///< of a batch: one for each bet; what a refused one holds
  SessionId session = {};               ///< of an identified batch
  std::uint64_t sequence = 0;           ///< of an identified batch
  std::uint32_t number = 0;             ///< of a draw

  bool holds_bets() const {
    return (kind == Kind::kBatch || kind == Kind::kOnce) && !names.empty();
  }
  SenderKey sender() const { return {agency, session}; }
  bool is_identified() const { return kind == Kind::kOnce || kind == Kind::kRefusedOnce; }
};

/// The model of a store: the changes that it was asked for, in order, and what is known about each.
/// Its one rule: what a store holds is the beginning of that row, whole and in order, up to the
/// last change that was acknowledged at least. What was refused is not in the row.
class StoreHistory final {
 public:
  using Id = std::uint64_t;

  /// Asked for, and not answered yet.
  Id ask(StoreEntry entry);
  /// It is stored, and survives a crash of the program; a power cut too if `is_synced`.
  void acknowledge(Id id, bool is_synced);
  /// It is certain that it is not stored.
  void refuse(Id id);
  /// What was acknowledged until now survives a power cut.
  void harden();

  /// Compares with what a store holds after a start. What it has lost, and may have, is taken out
  /// of the row; all the rest is stored from now on. Says what is wrong, or nothing.
  [[nodiscard]] std::optional<std::string> settle(const StoreContents& found, bool power_was_cut);

  /// How many changes a store with these contents holds: the beginning of the row that makes the
  /// same contents, from `least` changes on. Nothing when none does.
  std::optional<std::size_t> matches(const StoreContents& found, std::size_t least) const;

  std::size_t size() const noexcept { return rows_.size(); }
  const StoreContents& contents() const;
  /// Takes everything out of the row behind the first `size` changes, and holds the rest for
  /// stored: a repair has cut the others off.
  void cut_to(std::size_t size);

  /// Whom to ask a store for: every sender that ever sent, and a stranger of every agency.
  const std::vector<SenderKey>& senders() const noexcept { return senders_; }

  /// The change with that index, from 0.
  const StoreEntry& entry(std::size_t index) const { return rows_.at(index).entry; }
  const StoreEntry* find(const SenderKey& sender, std::uint64_t sequence) const;
  std::uint64_t last_sequence(const SenderKey& sender) const;
  std::uint64_t bets_of(std::uint32_t agency) const;
  bool has_finished(std::uint32_t agency) const;
  std::optional<std::uint32_t> draw() const;

 private:
  struct Row {
    Id id = 0;
    StoreEntry entry;
    bool is_acknowledged = false;
    bool is_hard = false;
  };

  static void add(const StoreEntry& entry, StoreContents& contents);
  std::size_t least(bool power_was_cut) const;

  std::vector<Row> rows_;
  std::vector<SenderKey> senders_;
  Id next_ = 1;
  mutable StoreContents contents_;  // of the first `counted_` rows
  mutable std::size_t counted_ = 0;
};

}  // namespace sorteo::test
