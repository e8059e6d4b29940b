#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/bet_store.hpp"
#include "storage/log_record.hpp"

namespace sorteo {

/// What goes to the disk together: records, and who is told when they are there. Emptied and filled
/// again and again, it keeps its memory, so that a batch costs no allocation.
class CommitGroup final {
 public:
  using Completion = BetStore::Completion;

  bool empty() const noexcept { return completions_.empty(); }
  /// The memory that the content takes up.
  std::size_t bytes() const noexcept {
    return records_.size() + completions_.size() * sizeof(Completion);
  }

  /// Makes room for one more change whose record has that size. Throws std::bad_alloc.
  void make_room(std::size_t record_bytes);

  // These take in a change and copy it. They do not fail when room was made for it.
  void add_batch(const Batch& batch, Completion done);
  void add_finish(std::uint32_t agency, Completion done);
  void add_draw(std::uint32_t winning_number, Completion done);

  /// The records, not sealed yet.
  std::vector<std::byte>& records() noexcept { return records_; }
  /// In the order of the records; more may be put behind them.
  std::vector<Completion>& completions() noexcept { return completions_; }
  /// The agencies whose finish is among the records.
  const std::vector<std::uint32_t>& finished() const noexcept { return finished_; }
  bool holds_draw() const noexcept { return holds_draw_; }

  void clear() noexcept;
  void swap(CommitGroup& other) noexcept;

 private:
  std::vector<std::byte> records_;
  std::vector<Completion> completions_;
  std::vector<std::uint32_t> finished_;
  bool holds_draw_ = false;
};

}  // namespace sorteo
