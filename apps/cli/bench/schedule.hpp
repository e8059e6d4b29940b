#pragma once

#include <chrono>
#include <cstdint>

namespace sorteo::cli {

/// When the batches of an open loop are due: at a fixed rate, each connection in its turn, whatever
/// the server does. All times count from the beginning of the run. Immutable.
class Schedule final {
 public:
  /// `batches_per_second`, of all `connections` together, is over 0.
  Schedule(double batches_per_second, std::uint64_t connections) noexcept
      : interval_ns_(1e9 / batches_per_second), connections_(connections) {}

  /// When batch `number` of `connection` is due; both count from 0.
  std::chrono::nanoseconds due(std::uint64_t connection, std::uint64_t number) const noexcept {
    const auto turn = static_cast<double>(number * connections_ + connection);
    return std::chrono::nanoseconds(static_cast<std::int64_t>(turn * interval_ns_));
  }

 private:
  double interval_ns_;
  std::uint64_t connections_;
};

}  // namespace sorteo::cli
