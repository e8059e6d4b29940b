#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <string>
#include <vector>

#include "apps/cli/byte_source.hpp"
#include "core/bet.hpp"

namespace sorteo::cli {

/// Bets in memory, as an agency's program holds them before it submits them.
class BetList final {
 public:
  BetList() = default;
  BetList(const BetList&) = delete;
  BetList& operator=(const BetList&) = delete;

  /// Keeps a copy of `bet`.
  void add(const BetView& bet);

  /// Adds those of the CSV file at `path`, each checked. Errors: it cannot be read, or has a bad
  /// line.
  [[nodiscard]] boost::system::result<void, InputError> add_file(const std::string& path);

  /// Adds `count` bets that the generator makes of `seed` for `agency`.
  void add_generated(std::uint64_t seed, std::uint32_t agency, std::size_t count);

  /// Repeats the first ones until there are so many that they fill batches of `batch_bets`. There
  /// must be one at least.
  void fill_batches(std::size_t batch_bets);

  /// All of them. The views live as long as the list; the span until the next change.
  std::span<const BetView> bets() const noexcept { return bets_; }

 private:
  std::pmr::monotonic_buffer_resource text_;
  std::vector<BetView> bets_;
};

}  // namespace sorteo::cli
