#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/bet_store.hpp"
#include "storage/log_record.hpp"

namespace sorteo {

/// The small state that a log's records add up to: all but the bets. Kept while a store is open,
/// read back on opening, and written down by checkpoints. Not thread-safe.
struct Ledger {
  struct Agency {
    std::uint64_t bets = 0;  ///< in the log
    bool has_finished = false;
    // Beside it what is on its way to the log, if the store is open.
    std::uint64_t accepted_bets = 0;
    bool is_finishing = false;
  };

  /// One sender. To find a batch again, its record is known for every kStride-th sequence number
  /// and for the last; each record says where the one before it stands.
  struct Session {
    static constexpr std::uint64_t kStride = 64;

    std::uint64_t durable = 0;         ///< the last sequence number in the log
    std::uint64_t last = 0;            ///< where its record begins
    std::uint64_t last_refused = 0;    ///< the highest sequence number refused; 0 when none was
    std::vector<std::uint64_t> marks;  ///< where the records of kStride, 2 * kStride, ... begin
    // Beside it what is on its way to the log, if the store is open.
    std::uint64_t accepted = 0;
    std::uint64_t written = 0;  ///< where the last record begins that got its place

    /// Makes room for the marks up to `sequence`. Throws std::bad_alloc.
    void make_room(std::uint64_t sequence);
    /// The record of the next sequence number, a refusal or not, begins at `offset`. Throws nothing
    /// if room was made.
    void add(std::uint64_t offset, bool is_refusal);
    struct Place {
      std::uint64_t sequence;
      std::uint64_t offset;
    };
    /// The record known whose sequence number is `sequence`, or the nearest one over it.
    Place nearest(std::uint64_t sequence) const;
  };
  using Sender = std::pair<std::uint32_t, SessionId>;
  using Sessions = std::map<Sender, Session>;

  struct Draw {
    std::uint32_t winning_number = 0;
    std::uint64_t offset = 0;    ///< of its record
    std::uint64_t checksum = 0;  ///< of its record

    friend bool operator==(const Draw&, const Draw&) = default;
  };

  std::uint64_t records = 0;
  std::uint64_t batches = 0;  ///< with bets in them
  std::uint64_t bets = 0;
  std::vector<std::uint32_t> finished;  ///< agencies, in the order in which they finished
  std::optional<Draw> draw;
  std::vector<std::uint64_t> bases;  ///< where in the log the segments begin, from the first on
  // Maps, because what they hold never moves.
  std::map<std::uint32_t, Agency> agencies;
  Sessions sessions;

  /// Takes in the next record. False when it contradicts those before it, as none that a writer
  /// writes does; the ledger is of no use then. Throws std::bad_alloc.
  [[nodiscard]] bool take(const RecordHeader& header, RecordType type, ByteView payload);

  /// The same for a record with an identity.
  [[nodiscard]] bool take(const RecordHeader& header, RecordType type,
                          const RecordIdentity& identity);

  // What take() does for each type, when the record is one's own. They throw nothing if room was
  // made.
  void add_bets(Agency& agency, std::uint32_t count) noexcept;
  void finish(std::uint32_t number, Agency& agency);

  /// Nothing is on its way to the log: what was accepted is what is in it.
  void settle_all() noexcept;

  /// As BetStore::recovered() has it, without the winners.
  StoreState state() const;
};

}  // namespace sorteo
