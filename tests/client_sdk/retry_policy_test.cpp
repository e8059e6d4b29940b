#include "client_sdk/retry_policy.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sorteo::client {
namespace {

using namespace std::chrono_literals;

TEST(RetryPolicyTest, PausesStayUnderABoundThatDoubles) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    RetryPolicy policy(100ms, 300ms, seed);
    for (const auto bound : {100ms, 200ms, 300ms, 300ms}) {
      const auto pause = policy.on_failure();
      EXPECT_GE(pause, 0ms);
      EXPECT_LE(pause, bound);
    }
  }
}

TEST(RetryPolicyTest, JitterIsFull) {
  auto shortest = 100ms;
  auto longest = 0ms;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    RetryPolicy policy(100ms, 100ms, seed);
    const auto pause = policy.on_failure();
    shortest = std::min(shortest, pause);
    longest = std::max(longest, pause);
  }
  EXPECT_LT(shortest, 10ms);
  EXPECT_GT(longest, 90ms);
}

TEST(RetryPolicyTest, SuccessMakesThePauseShortAgain) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    RetryPolicy policy(10ms, 10'000ms, seed);
    for (int at = 0; at < 8; ++at) {
      policy.on_failure();
    }
    policy.on_success();
    EXPECT_LE(policy.on_failure(), 10ms);
  }
}

TEST(RetryPolicyTest, TenFailuresUseTheBudgetUp) {
  RetryPolicy policy(1ms, 1ms, 1);
  for (int at = 0; at < 9; ++at) {
    policy.on_failure();
    EXPECT_FALSE(policy.exhausted());
  }
  policy.on_failure();
  EXPECT_TRUE(policy.exhausted());
}

TEST(RetryPolicyTest, TenSuccessesGiveOneAttemptBack) {
  RetryPolicy policy(1ms, 1ms, 1);
  for (int at = 0; at < 20; ++at) {
    policy.on_failure();
  }
  for (int at = 0; at < 9; ++at) {
    policy.on_success();
    EXPECT_TRUE(policy.exhausted());
  }
  policy.on_success();
  EXPECT_FALSE(policy.exhausted());
}

TEST(RetryPolicyTest, AbsurdTimesAreMadeSane) {
  RetryPolicy policy(std::chrono::milliseconds::max(), -1ms, 1);
  for (int at = 0; at < 100; ++at) {
    EXPECT_LE(policy.on_failure(), 24h);
  }
}

}  // namespace
}  // namespace sorteo::client
