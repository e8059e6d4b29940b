#include "client_sdk/retry_policy.hpp"

#include <algorithm>

namespace sorteo::client {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestEver = std::chrono::hours(24);  // doubling it cannot overflow

milliseconds sane(milliseconds pause) { return std::clamp(pause, milliseconds(1), kLongestEver); }

}  // namespace

RetryPolicy::RetryPolicy(milliseconds first, milliseconds longest, std::uint64_t seed)
    : first_(sane(first)),
      longest_(std::max(sane(longest), first_)),
      bound_(first_),
      random_(seed) {}

milliseconds RetryPolicy::on_failure() {
  tenths_ = std::max(tenths_ - kTokenTenths, 0);
  std::uniform_int_distribution<milliseconds::rep> between(0, bound_.count());
  const milliseconds pause(between(random_));
  bound_ = std::min(bound_ * 2, longest_);
  return pause;
}

void RetryPolicy::on_success() noexcept {
  tenths_ = std::min(tenths_ + 1, kFullTenths);
  bound_ = first_;
}

}  // namespace sorteo::client
