#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/bet.hpp"
#include "core/bytes.hpp"

namespace sorteo::client {

/// A batch that is ready to be sent.
struct OutgoingBatch {
  std::uint64_t first_bet = 0;  ///< the place of its first bet among all submitted, from 1
  std::uint64_t bets = 0;
  std::string packets;  ///< its bets, as they go on the wire
};

/// What stands in a message of version 1 before the Packets of its bets: type, length, agency.
inline constexpr std::size_t kBatchBetHeaderBytes = 9;

/// Collects bets into batches (docs/protocol.md, "Batch").
class Batcher final {
 public:
  /// A batch holds `max_bets` bets at most, and with the `header_bytes` of its message `max_bytes`
  /// bytes. One bet goes into a batch whatever its size. `added` bets have been added before, by an
  /// earlier run of the program.
  Batcher(std::size_t header_bytes, std::size_t max_bets, std::size_t max_bytes,
          std::uint64_t added = 0);

  /// From now on a batch's bets have `bytes` bytes at most.
  void limit_packets(std::size_t bytes) noexcept;

  bool empty() const noexcept { return bets_ == 0; }

  /// Whether no further bet goes in.
  bool full() const noexcept { return bets_ != 0 && (bets_ >= max_bets_ || bytes() >= max_bytes_); }

  /// Whether `bet` still goes in. An empty batcher takes any bet.
  bool has_room_for(const BetView& bet) const noexcept;

  enum class Tried { kAdded, kNoRoom, kBadBet };

  /// Checks a bet by every rule of docs/protocol.md, "Bet", and adds it, if it still goes in and is
  /// good. One that does not go in has not been checked.
  [[nodiscard]] Tried try_add(const BetView& bet);

  /// Checks and adds the first of `bets`, as many as still go in and are good, or fewer. How many:
  /// one at least, if the first of them is such. On std::bad_alloc, none.
  [[nodiscard]] std::size_t try_add_all(std::span<const BetView> bets);

  /// Adds a checked bet, for which there must be room.
  void add(const BetView& bet);

  /// How many bets have been added in all, those of earlier batches included.
  std::uint64_t added() const noexcept { return added_; }

  /// Takes the batch out and begins the next one.
  OutgoingBatch take();

  /// Gives it a string whose memory may hold a batch to come; what it holds is lost.
  void reuse(std::string buffer) noexcept {
    if (empty()) {
      packets_ = std::move(buffer);
    }
  }

 private:
  std::size_t bytes() const noexcept { return bytes_; }
  bool has_room_for(std::size_t packet_bytes) const noexcept {
    return empty() || (bets_ < max_bets_ && bytes_ + packet_bytes <= max_bytes_);
  }
  bool is_room_made_for(std::size_t packet_bytes) const noexcept {
    return packets_.size() - bytes_ >= packet_bytes;
  }
  ByteView write(const BetView& bet, std::size_t packet_bytes);
  void take_in(std::size_t bytes, std::size_t bets) noexcept;
  void take_back(std::size_t bytes, std::size_t bets) noexcept;

  const std::size_t max_bets_;
  std::size_t max_bytes_;  // of Packets
  std::uint64_t added_;
  std::uint64_t bets_ = 0;  // in the batch that is being filled
  std::size_t bytes_ = 0;   // of them
  std::string packets_;     // the bets, and behind them room for more
};

/// The BatchBet message of `agency` with the bets in `packets`.
std::string batch_bet_message(std::uint32_t agency, std::string_view packets);

/// The BatchBet message of `agency` that holds no bet.
std::string empty_batch_message(std::uint32_t agency);

/// The Consulta message of `agency`.
std::string consulta_message(std::uint32_t agency);

}  // namespace sorteo::client
