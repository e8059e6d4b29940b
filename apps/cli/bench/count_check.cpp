#include "apps/cli/bench/count_check.hpp"

#include <memory>

#include "apps/cli/progress_meter.hpp"
#include "core/store_error.hpp"

namespace sorteo::cli {
namespace {

// Of some batches, the bets of each agency of the run.
class CountedPart final : public BatchPart {
 public:
  explicit CountedPart(const BenchOptions& options) : options_(options) {}

  void add(const Batch& batch) override {
    if (options_.is_known(batch.agency())) {
      counts[batch.agency()] += batch.size();
    }
  }

  AgencyCounts counts;

 private:
  const BenchOptions& options_;
};

class Counter final : public PartVisitor {
 public:
  explicit Counter(const BenchOptions& options) : options_(options) {}

  std::unique_ptr<BatchPart> make_part() override {
    return std::make_unique<CountedPart>(options_);
  }

  bool take(BatchPart& part) override {
    auto& counted = static_cast<CountedPart&>(part).counts;
    for (const auto& [agency, bets] : counted) {
      counts_[agency] += bets;
    }
    counted.clear();
    return true;
  }

  const AgencyCounts& counts() const noexcept { return counts_; }

 private:
  const BenchOptions& options_;
  AgencyCounts counts_;
};

std::uint64_t count_of(const AgencyCounts& counts, std::uint32_t agency) {
  const auto found = counts.find(agency);
  return found == counts.end() ? 0 : found->second;
}

}  // namespace

std::uint64_t ExpectedCounts::of(std::uint32_t agency) const {
  return count_of(before, agency) + count_of(acknowledged, agency);
}

std::optional<std::string> ExpectedCounts::objection(const AgencyCounts& found,
                                                     const std::string& who) const {
  for (const auto& [agency, bets] : acknowledged) {
    const std::uint64_t least = of(agency);
    const std::uint64_t has = count_of(found, agency);
    if (has < least || has > least + unknown) {
      return "of agency " + std::to_string(agency) + ", " + std::to_string(bets) +
             " bets were acknowledged, on top of " + std::to_string(count_of(before, agency)) +
             ", and " + who + " has " + std::to_string(has);
    }
  }
  return std::nullopt;
}

BenchResult<AgencyCounts> count_at_server(const BenchServer& server, const BenchOptions& options) {
  AgencyCounts counts;
  for (std::uint32_t index = 0; index < options.agencies; ++index) {
    const std::uint32_t agency = options.first_agency + index;
    const auto welcome = server.ask(agency);
    if (welcome.has_error()) {
      return welcome.error();
    }
    counts[agency] = welcome->agency_bets;
  }
  return counts;
}

BenchResult<AgencyCounts> count_in_store(const ReadStore& read_store, const BenchOptions& options,
                                         Console& console) {
  Counter counter(options);
  ProgressMeter meter(
      {.action = "verify", .unit = "bytes", .quiet = options.quiet, .only_on_terminal = true},
      console);
  const auto summary =
      read_store(options.store, &counter,
                 [&meter](std::uint64_t done, std::uint64_t total) { meter.update(done, total); });
  if (summary.has_error()) {
    return BenchFailure{
        summary.error().code == StoreError::kDamaged ? ExitCode::kStoreDamaged : ExitCode::kFailure,
        summary.error().message};
  }
  return counter.counts();
}

}  // namespace sorteo::cli
