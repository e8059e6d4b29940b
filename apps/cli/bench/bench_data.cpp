#include "apps/cli/bench/bench_data.hpp"

#include <algorithm>
#include <string>

namespace sorteo::cli {
namespace {

// Enough that no cache holds all of it, of all agencies.
constexpr std::size_t kGeneratedBets = 200'000;

BenchResult<void> add_files(BetList& bets, const std::vector<std::string>& files,
                            std::size_t agency, std::size_t agencies) {
  for (std::size_t file = agency % files.size(); file < files.size(); file += agencies) {
    if (const auto added = bets.add_file(files[file]); added.has_error()) {
      return BenchFailure{ExitCode::kBadInput, added.error().message};
    }
  }
  if (bets.bets().empty()) {
    return BenchFailure{ExitCode::kBadInput, files[agency % files.size()] + ": holds no bet"};
  }
  return {};
}

}  // namespace

BenchResult<void> BenchData::load(const BenchOptions& options) {
  first_agency_ = options.first_agency;
  for (std::uint32_t index = 0; index < options.agencies; ++index) {
    BetList& bets = bets_.emplace_back();
    if (options.csv.empty()) {
      bets.add_generated(
          options.seed, first_agency_ + index,
          std::max<std::size_t>(options.batch_bets, kGeneratedBets / options.agencies));
    } else if (const auto added = add_files(bets, options.csv, index, options.agencies);
               added.has_error()) {
      return added.error();
    }
    bets.fill_batches(options.batch_bets);
    batches_.emplace_back(bets.bets(), options.batch_bets);
  }
  return {};
}

std::size_t BenchData::largest_batch() const noexcept {
  std::size_t largest = 0;
  for (const ReadyBatches& batches : batches_) {
    largest = std::max(largest, batches.largest());
  }
  return largest;
}

std::size_t BenchData::index_of(std::uint32_t agency) const { return agency - first_agency_; }

}  // namespace sorteo::cli
