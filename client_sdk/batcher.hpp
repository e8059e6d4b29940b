#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/bet.hpp"

namespace sorteo::client {

/// A batch that is ready to be sent.
struct OutgoingBatch {
  std::uint64_t first_bet = 0;  ///< the place of its first bet among all submitted, from 1
  std::uint64_t bets = 0;
  std::string message;  ///< the whole BatchBet message, as it goes on the wire
};

/// Collects bets into the BatchBet message of one agency (docs/protocol.md, "Batch").
class Batcher final {
 public:
  /// A batch holds `max_bets` bets and `max_bytes` bytes of message at most. One bet goes into a
  /// batch whatever its size.
  Batcher(std::uint32_t agency, std::size_t max_bets, std::size_t max_bytes);

  bool empty() const noexcept { return bets_ == 0; }

  /// Whether no further bet goes in.
  bool full() const noexcept { return bets_ != 0 && (bets_ >= max_bets_ || bytes() >= max_bytes_); }

  /// Whether `bet` still goes in. An empty batcher takes any bet.
  bool has_room_for(const BetView& bet) const noexcept;

  /// Adds a checked bet, for which there must be room.
  void add(const BetView& bet);

  /// How many bets have been added in all, those of earlier batches included.
  std::uint64_t added() const noexcept { return added_; }

  /// Takes the batch out and begins the next one.
  OutgoingBatch take();

 private:
  std::size_t bytes() const noexcept { return message_.size(); }
  void begin();

  const std::uint32_t agency_;
  const std::size_t max_bets_;
  const std::size_t max_bytes_;
  std::uint64_t added_ = 0;
  std::uint64_t bets_ = 0;  // in the batch that is being filled
  std::string message_;     // its header has no length yet
};

/// The BatchBet message of `agency` that holds no bet.
std::string empty_batch_message(std::uint32_t agency);

/// The Consulta message of `agency`.
std::string consulta_message(std::uint32_t agency);

}  // namespace sorteo::client
