#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "core/bet_store.hpp"
#include "storage/block_buffer.hpp"
#include "storage/ledger.hpp"
#include "storage/log_record.hpp"

namespace sorteo {

/// One thing that a store was asked for, on its way to the disk.
struct Change {
  enum class Kind : std::uint8_t {
    kBatch,
    kIdentifiedBatch,
    kRefusedBatch,
    kFinish,
    kDraw,
    // These have no record. They are answered in their turn.
    kAgain,      ///< what is asked for is recorded before this, or on its way
    kDuplicate,  ///< an identified batch that has come before
    kMismatch,   ///< a finish with another number of bets than are accepted
  };
  using Done =
      std::variant<BetStore::Completion, BetStore::ReceiptCompletion, BetStore::CountCompletion>;

  Kind kind = Kind::kAgain;
  Done done;
  std::uint32_t number = 0;  ///< the agency; of a draw the winning number
  std::uint64_t bets = 0;    ///< in the batch; of a finish, those that are stored of the agency
  Ledger::Agency* agency = nullptr;
  Ledger::Sessions::value_type* session = nullptr;
  std::uint64_t sequence = 0;
  std::size_t record_bytes = 0;   ///< 0 without a record
  std::size_t content_bytes = 0;  ///< of a duplicate
  Ledger::Draw place = {};        ///< where the record stands, once it is sealed
  std::uint64_t durable = 0;      ///< of the session, when this was settled
};

/// What goes to the disk together: records, and who is told when they are there. Emptied and filled
/// again and again, it keeps its memory, so that a batch costs no allocation.
class CommitGroup final {
 public:
  bool empty() const noexcept { return changes_.empty(); }
  /// The memory that the content takes up.
  std::size_t bytes() const noexcept {
    return records_.size() + contents_.size() + changes_.size() * sizeof(Change);
  }

  /// Makes room for one more change with so many bytes of record, and of content to compare. Throws
  /// std::bad_alloc.
  void make_room(std::size_t record_bytes, std::size_t content_bytes = 0);

  // These take in a change and copy its bytes. They do not fail when room was made for it.
  void add_batch(const Batch& batch, Change&& change);
  void add_identified(const IdentifiedBatch& batch, Change&& change);
  void add_duplicate(const IdentifiedBatch& batch, Change&& change);
  void add_finish(Change&& change);
  void add_draw(Change&& change);
  /// One without a record.
  void add(Change&& change);

  std::vector<Change>& changes() noexcept { return changes_; }
  /// The records of the changes, in their order, not sealed yet.
  BlockBuffer& records() noexcept { return records_; }
  /// The contents of the duplicates, in their order.
  ByteView contents() const noexcept { return contents_; }

  void clear() noexcept;
  /// Says where the records of an empty group will begin in the file, behind the start of a block.
  /// If that proves wrong, they are moved.
  void begin_at(std::size_t phase) noexcept { records_.clear(phase); }
  void swap(CommitGroup& other) noexcept;

 private:
  BlockBuffer records_;
  std::vector<std::byte> contents_;
  std::vector<Change> changes_;
};

}  // namespace sorteo
