#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/bet.hpp"
#include "core/bytes.hpp"

namespace sorteo::cli {

/// The bets of an agency as batches that were encoded before the clock starts: nothing but their
/// numbers is made while they are sent. Immutable, so threads may share it.
class ReadyBatches final {
 public:
  /// `bets`, which are checked, fill batches of `batch_bets`, one at least, and leave none over.
  ReadyBatches(std::span<const BetView> bets, std::size_t batch_bets);

  /// How many different ones there are.
  std::size_t size() const noexcept { return ends_.size(); }

  /// The Packets of batch `number`; behind the last one, the first comes again.
  ByteView packets(std::uint64_t number) const noexcept;

  /// The most bytes of Packets that a batch has.
  std::size_t largest() const noexcept { return largest_; }

 private:
  std::string packets_;
  std::vector<std::size_t> ends_;  // of each batch in packets_
  std::size_t largest_ = 0;
};

}  // namespace sorteo::cli
