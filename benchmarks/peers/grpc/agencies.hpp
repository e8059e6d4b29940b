#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace sorteo::peers {

/// What is stored of each agency. Thread-safe.
class Agencies final {
 public:
  struct Agency {
    std::uint64_t bets = 0;
    std::vector<std::uint32_t> winners;  ///< documents, in the order of the bets
  };

  /// `bets` more are stored, `winners` among them.
  void add(std::uint32_t agency, std::uint64_t bets, const std::vector<std::uint32_t>& winners) {
    const std::lock_guard lock(mutex_);
    Agency& stored = agencies_[agency];
    stored.bets += bets;
    stored.winners.insert(stored.winners.end(), winners.begin(), winners.end());
  }

  Agency of(std::uint32_t agency) const {
    const std::lock_guard lock(mutex_);
    const auto found = agencies_.find(agency);
    return found == agencies_.end() ? Agency{} : found->second;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::uint32_t, Agency> agencies_;
};

}  // namespace sorteo::peers
