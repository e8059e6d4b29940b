#include "client_sdk/backoff.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sorteo::client {
namespace {

using namespace std::chrono_literals;

constexpr int kSeeds = 200;

// The shortest and the longest of the pauses that stand at `place`, over many seeds.
std::pair<std::chrono::milliseconds, std::chrono::milliseconds> spread_at(int place) {
  auto shortest = std::chrono::milliseconds::max();
  auto longest = std::chrono::milliseconds::zero();
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    Backoff backoff(500ms, 8s, seed);
    for (int at = 1; at < place; ++at) {
      backoff.next();
    }
    const auto pause = backoff.next();
    shortest = std::min(shortest, pause);
    longest = std::max(longest, pause);
  }
  return {shortest, longest};
}

TEST(BackoffTest, BoundDoublesUpToTheLongest) {
  const std::chrono::milliseconds bounds[] = {500ms, 1s, 2s, 4s, 8s, 8s, 8s};
  int place = 0;
  for (const auto bound : bounds) {
    const auto [shortest, longest] = spread_at(++place);
    EXPECT_GE(shortest, 250ms) << "pause " << place;
    EXPECT_LE(longest, bound) << "pause " << place;
    EXPECT_GE(longest, bound * 9 / 10) << "pause " << place;
  }
}

TEST(BackoffTest, PausesAreSpreadOut) {
  std::set<std::chrono::milliseconds> pauses;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    pauses.insert(Backoff(500ms, 8s, seed).next());
  }
  EXPECT_GT(pauses.size(), kSeeds / 4U);
}

TEST(BackoffTest, SameSeedGivesTheSamePauses) {
  Backoff one(500ms, 8s, 7);
  Backoff other(500ms, 8s, 7);
  for (int at = 0; at < 20; ++at) {
    EXPECT_EQ(one.next(), other.next());
  }
}

TEST(BackoffTest, NonsenseIsMadeSane) {
  Backoff backoff(-5ms, std::chrono::milliseconds::max(), 1);
  EXPECT_EQ(backoff.shortest(), 1ms);
  for (int at = 0; at < 100; ++at) {
    const auto pause = backoff.next();
    EXPECT_GE(pause, 1ms);
    EXPECT_LE(pause, 24h);
  }
}

}  // namespace
}  // namespace sorteo::client
