#include "apps/server/nearest.hpp"

#include <gtest/gtest.h>

namespace sorteo {
namespace {

TEST(NearestTest, EachSlipOfTheFingersIsOne) {
  EXPECT_EQ(typing_distance("level", "level"), 0U);
  EXPECT_EQ(typing_distance("levl", "level"), 1U);
  EXPECT_EQ(typing_distance("levell", "level"), 1U);
  EXPECT_EQ(typing_distance("lavel", "level"), 1U);
  EXPECT_EQ(typing_distance("leevl", "level"), 1U);
  EXPECT_EQ(typing_distance("Level", "level"), 0U);
  EXPECT_EQ(typing_distance("", "level"), 5U);
  EXPECT_EQ(typing_distance("level", ""), 5U);
}

TEST(NearestTest, TakesTheNearestCandidate) {
  EXPECT_EQ(nearest("prot", {"host", "port"}), "port");
}

TEST(NearestTest, SaysNothingWhenNoneIsNear) {
  EXPECT_EQ(nearest("colour", {"host", "port"}), std::nullopt);
  EXPECT_EQ(nearest("port", {}), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'x'), {"host", "port"}), std::nullopt);
}

}  // namespace
}  // namespace sorteo
