#include "tests/simulation/tally.hpp"

#include <iterator>

namespace sorteo::simulation {
namespace {

constexpr const char* kNames[] = {
    "receipts",
    "receipts of duplicates",
    "receipts of refusals",
    "conflicts",
    "other errors",
    "batches of version 1 stored",
    "agencies finished",
    "winners told",
    "goodbyes",
    "servers stopped",
    "servers killed",
    "power cuts",
    "servers killed while opening",
    "stores failed",
    "stores not opened",
    "disks full",
    "clients crashed",
};
static_assert(std::size(kNames) == Tally::kCount);

}  // namespace

Tally& Tally::operator+=(const Tally& other) noexcept {
  for (std::size_t what = 0; what < counts_.size(); ++what) {
    counts_[what] += other.counts_[what];
  }
  return *this;
}

std::string Tally::describe() const {
  std::string text;
  for (std::size_t what = 0; what < counts_.size(); ++what) {
    text += std::string(kNames[what]) + ": " + std::to_string(counts_[what]) + "\n";
  }
  return text;
}

}  // namespace sorteo::simulation
