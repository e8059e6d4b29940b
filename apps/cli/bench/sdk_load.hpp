#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "apps/cli/bench/load.hpp"
#include "apps/cli/bench/schedule.hpp"
#include "client_sdk/client.hpp"
#include "core/bet.hpp"

namespace sorteo::cli {

struct SdkLoadOptions {
  client::Options client;
  std::uint64_t number = 0;            ///< of the connection among all, from 0
  std::size_t batch_bets = 100;        ///< that are submitted at once
  const Schedule* schedule = nullptr;  ///< of an open loop; must outlive the load
};

/// The load as an agency's program makes it: submits bets from memory through the client SDK, on
/// one connection and one thread.
class SdkLoad final : public Load {
 public:
  /// `bets`, which fill batches and leave none over, must outlive the load.
  SdkLoad(const SdkLoadOptions& options, std::span<const BetView> bets);

  void run(RunControl& control) override;
  const LoadTally& tally() const noexcept override { return tally_; }
  const LoadResult& result() const noexcept override { return result_; }

 private:
  void submit_until_over(RunControl& control, client::Client& client);
  bool wait_until_due(RunControl& control, client::Client& client);
  void count(const RunControl& control, const client::BatchResult& batch);
  bool succeeded(const std::optional<client::Failure>& failure);
  std::size_t place_of(std::uint64_t batch) const noexcept;
  void count_unsent(const RunControl& control);

  SdkLoadOptions options_;
  std::span<const BetView> bets_;
  std::vector<std::uint64_t> batch_bytes_;  // of the message of each batch
  LoadTally tally_;
  LoadResult result_;
  std::vector<RunControl::Time> began_;  // of each batch in the window
  std::uint64_t begun_ = 0;              // batches
};

}  // namespace sorteo::cli
