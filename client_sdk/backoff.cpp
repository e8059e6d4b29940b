#include "client_sdk/backoff.hpp"

#include <algorithm>

namespace sorteo::client {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestEver = std::chrono::hours(24);  // doubling it cannot overflow

milliseconds sane(milliseconds pause) { return std::clamp(pause, milliseconds(1), kLongestEver); }

}  // namespace

Backoff::Backoff(milliseconds first, milliseconds longest, std::uint64_t seed, Floor floor)
    : first_(sane(first)),
      shortest_(floor == Floor::kNone ? milliseconds::zero() : sane(first_ / 2)),
      longest_(std::max(sane(longest), first_)),
      bound_(first_),
      random_(seed) {}

milliseconds Backoff::next() {
  std::uniform_int_distribution<milliseconds::rep> between(shortest_.count(), bound_.count());
  const milliseconds pause(between(random_));
  bound_ = std::min(bound_ * 2, longest_);
  return pause;
}

}  // namespace sorteo::client
