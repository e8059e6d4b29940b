#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace sorteo::simulation {

/// How often what happened, so that a person can see that the simulation gets everywhere.
class Tally final {
 public:
  enum What : std::size_t {
    kReceipt,
    kDuplicate,
    kRefused,
    kConflict,
    kOtherError,
    kPlainStored,
    kFinished,
    kWinners,
    kGoodbye,
    kServerStopped,
    kServerKilled,
    kPowerCut,
    kKilledOpening,
    kStoreFailed,
    kNotOpened,
    kDiskFull,
    kClientCrash,
    kCount,
  };

  void note(What what) noexcept { ++counts_[what]; }
  Tally& operator+=(const Tally& other) noexcept;

  /// A line for each.
  std::string describe() const;

 private:
  std::array<std::uint64_t, kCount> counts_{};
};

}  // namespace sorteo::simulation
