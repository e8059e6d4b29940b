#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/peer.hpp"

namespace sorteo {

/// What an operator allows.
struct AgencyRules {
  std::vector<std::uint32_t> disabled{};           ///< agencies that are not served at all
  std::uint64_t max_bets_per_second = 10'000'000;  ///< of each agency; 0: as many as come
};

/// Says whose requests are served: those in the name of an agency that the peer may speak for and
/// that is not disabled, and of each agency so many bets a second. Thread-safe; its rules can be
/// changed while it is asked. One short lock, and no allocation for an agency that is known.
class AgencyGate final {
 public:
  using Clock = std::chrono::steady_clock;

  using Rules = AgencyRules;

  enum class Verdict : std::uint8_t {
    kAdmitted,
    kForeign,   ///< the peer's certificate does not name the agency
    kDisabled,  ///< nobody may speak for it now
  };

  /// What was refused so far.
  struct Counters {
    std::uint64_t foreign = 0;    ///< requests
    std::uint64_t disabled = 0;   ///< requests
    std::uint64_t over_rate = 0;  ///< batches
  };

  /// So many agencies are told apart at once by their rate. One more is told to try again: only a
  /// peer without a certificate can name so many.
  static constexpr std::size_t kMostAgencies = 65'536;

  explicit AgencyGate(Rules rules = {});
  AgencyGate(const AgencyGate&) = delete;
  AgencyGate& operator=(const AgencyGate&) = delete;

  void change(Rules rules);

  /// Whether a request of `peer` in the name of `agency` may be served.
  Verdict judge(const Peer& peer, std::uint32_t agency) noexcept;

  /// Takes `bets` out of what the agency may send, a token bucket that holds one second's worth.
  /// A batch is taken whole as soon as anything is left, however large it is, and those behind it
  /// wait for it. Nothing: taken. Else not, and it may come again after that time.
  std::optional<std::chrono::milliseconds> take(std::uint32_t agency, std::uint64_t bets,
                                                Clock::time_point now);

  Counters counters() const noexcept;

 private:
  struct Bucket {
    double tokens;  // below zero: a batch larger than what was left
    Clock::time_point filled_at;
  };

  void drop_full_buckets(Clock::time_point now) noexcept;
  bool is_disabled(std::uint32_t agency) noexcept;

  std::mutex mutex_;
  Rules rules_;  // the disabled in order
  std::unordered_map<std::uint32_t, Bucket> buckets_;
  std::atomic<bool> disables_some_ = false;
  std::atomic<std::uint64_t> foreign_ = 0;
  std::atomic<std::uint64_t> disabled_ = 0;
  std::atomic<std::uint64_t> over_rate_ = 0;
};

}  // namespace sorteo
