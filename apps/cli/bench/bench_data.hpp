#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "apps/cli/bench/bench_failure.hpp"
#include "apps/cli/bench/bench_options.hpp"
#include "apps/cli/bench/bet_list.hpp"
#include "apps/cli/bench/ready_batches.hpp"

namespace sorteo::cli {

/// The bets of every agency, ready to be sent. Does not change when it has been loaded.
class BenchData final {
 public:
  BenchData() = default;
  BenchData(const BenchData&) = delete;
  BenchData& operator=(const BenchData&) = delete;

  /// Reads the files, or makes bets up, and encodes them. File N goes to agency N, those over the
  /// number of agencies to the first ones again; agencies without a file share those of others.
  /// Errors: kBadInput.
  [[nodiscard]] BenchResult<void> load(const BenchOptions& options);

  const BetList& bets(std::uint32_t agency) const { return bets_[index_of(agency)]; }
  const ReadyBatches& batches(std::uint32_t agency) const { return batches_[index_of(agency)]; }

  /// The most bytes of Packets that a batch has.
  std::size_t largest_batch() const noexcept;

 private:
  std::size_t index_of(std::uint32_t agency) const;

  std::uint32_t first_agency_ = 1;
  std::deque<BetList> bets_;
  std::deque<ReadyBatches> batches_;
};

}  // namespace sorteo::cli
