#include "core/agency_gate.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sorteo {
namespace {

constexpr std::chrono::seconds kDepth{1};  // a bucket holds what may come in so long

AgencyGate::Rules sorted(AgencyGate::Rules rules) {
  std::sort(rules.disabled.begin(), rules.disabled.end());
  return rules;
}

std::uint64_t count(std::atomic<std::uint64_t>& counter) noexcept {
  return counter.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

AgencyGate::AgencyGate(Rules rules) { change(std::move(rules)); }

void AgencyGate::change(Rules rules) {
  Rules next = sorted(std::move(rules));
  const std::lock_guard lock(mutex_);
  std::swap(rules_, next);
  disables_some_.store(!rules_.disabled.empty(), std::memory_order_release);
  buckets_.clear();  // they were filled at another rate
}

AgencyGate::Verdict AgencyGate::judge(const Peer& peer, std::uint32_t agency) noexcept {
  if (!peer.may_speak_for(agency)) {
    count(foreign_);
    return Verdict::kForeign;
  }
  if (disables_some_.load(std::memory_order_acquire) && is_disabled(agency)) {
    count(disabled_);
    return Verdict::kDisabled;
  }
  return Verdict::kAdmitted;
}

bool AgencyGate::is_disabled(std::uint32_t agency) noexcept {
  const std::lock_guard lock(mutex_);
  return std::binary_search(rules_.disabled.begin(), rules_.disabled.end(), agency);
}

std::optional<std::chrono::milliseconds> AgencyGate::take(std::uint32_t agency, std::uint64_t bets,
                                                          Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (rules_.max_bets_per_second == 0) {
    return std::nullopt;
  }
  const auto rate = static_cast<double>(rules_.max_bets_per_second);
  auto found = buckets_.find(agency);
  if (found == buckets_.end()) {
    if (buckets_.size() >= kMostAgencies) {
      drop_full_buckets(now);
    }
    if (buckets_.size() >= kMostAgencies) {
      count(over_rate_);
      return kDepth;
    }
    found = buckets_.emplace(agency, Bucket{rate, now}).first;
  }
  Bucket& bucket = found->second;
  const double seconds =
      std::max(0.0, std::chrono::duration<double>(now - bucket.filled_at).count());
  bucket.tokens = std::min(rate, bucket.tokens + rate * seconds);
  bucket.filled_at = std::max(bucket.filled_at, now);
  if (bucket.tokens <= 0) {
    count(over_rate_);
    const double wait_ms = std::min(std::ceil(-bucket.tokens / rate * 1000.0), 3'600'000.0);
    return std::chrono::milliseconds(std::max<std::int64_t>(1, std::llround(wait_ms)));
  }
  bucket.tokens -= static_cast<double>(bets);
  return std::nullopt;
}

// Those are as if they had never been there.
void AgencyGate::drop_full_buckets(Clock::time_point now) noexcept {
  const auto rate = static_cast<double>(rules_.max_bets_per_second);
  std::erase_if(buckets_, [now, rate](const auto& entry) {
    const Bucket& bucket = entry.second;
    return bucket.tokens + rate * std::chrono::duration<double>(now - bucket.filled_at).count() >=
           rate;
  });
}

AgencyGate::Counters AgencyGate::counters() const noexcept {
  return {foreign_.load(std::memory_order_relaxed), disabled_.load(std::memory_order_relaxed),
          over_rate_.load(std::memory_order_relaxed)};
}

}  // namespace sorteo
