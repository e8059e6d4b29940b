#include "client_sdk/retry_policy.hpp"

#include <algorithm>

namespace sorteo::client {

RetryPolicy::RetryPolicy(std::chrono::milliseconds first, std::chrono::milliseconds longest,
                         std::uint64_t seed)
    : backoff_(first, longest, seed, Backoff::Floor::kNone) {}

std::chrono::milliseconds RetryPolicy::on_failure() {
  tenths_ = std::max(tenths_ - kTokenTenths, 0);
  return backoff_.next();
}

void RetryPolicy::on_success() noexcept {
  tenths_ = std::min(tenths_ + 1, kFullTenths);
  backoff_.reset();
}

}  // namespace sorteo::client
