#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace sorteo::limit {

/// How many batches of each agency are durable. Agencies share a count when their numbers agree in
/// the last 16 bits. Thread-safe.
class AgencyCounts final {
 public:
  void add(std::uint32_t agency, std::uint32_t batches) noexcept {
    counts_[agency % kCounts].fetch_add(batches, std::memory_order_relaxed);
  }
  std::uint64_t batches(std::uint32_t agency) const noexcept {
    return counts_[agency % kCounts].load(std::memory_order_relaxed);
  }

 private:
  static constexpr std::size_t kCounts = 65536;
  std::array<std::atomic<std::uint64_t>, kCounts> counts_{};
};

}  // namespace sorteo::limit
