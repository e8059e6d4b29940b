#include "apps/cli/bench/ready_batches.hpp"

#include <algorithm>

#include "core/batch.hpp"

namespace sorteo::cli {

ReadyBatches::ReadyBatches(std::span<const BetView> bets, std::size_t batch_bets) {
  std::size_t bytes = 0;
  for (const BetView& bet : bets) {
    bytes += packet_size(bet);
  }
  packets_.reserve(bytes);
  ends_.reserve(bets.size() / batch_bets);
  for (std::size_t at = 0; at + batch_bets <= bets.size(); at += batch_bets) {
    const std::size_t begin = packets_.size();
    for (const BetView& bet : bets.subspan(at, batch_bets)) {
      append_packet(packets_, bet);
    }
    ends_.push_back(packets_.size());
    largest_ = std::max(largest_, packets_.size() - begin);
  }
}

ByteView ReadyBatches::packets(std::uint64_t number) const noexcept {
  const std::size_t index = number % ends_.size();
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  return as_bytes(packets_).subspan(begin, ends_[index] - begin);
}

}  // namespace sorteo::cli
