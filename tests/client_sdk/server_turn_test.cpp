#include "client_sdk/server_turn.hpp"

#include <gtest/gtest.h>

namespace sorteo::client {
namespace {

using namespace std::chrono_literals;

constexpr Clock::time_point kNow{1h};

TEST(ServerTurnTest, GoesRound) {
  ServerTurn turn(3);
  EXPECT_EQ(turn.current(), 0U);
  for (const std::size_t next : {1U, 2U, 0U, 1U}) {
    turn.advance(kNow);
    EXPECT_EQ(turn.current(), next);
  }
}

TEST(ServerTurnTest, LeavesOutTheOneThatAskedForPatience) {
  ServerTurn turn(3);
  turn.advance(kNow);
  turn.put_off(kNow + 1min);
  turn.advance(kNow);
  turn.advance(kNow);
  EXPECT_EQ(turn.current(), 0U);
  turn.advance(kNow);
  EXPECT_EQ(turn.current(), 2U);
}

TEST(ServerTurnTest, PatienceHasAnEnd) {
  ServerTurn turn(2);
  turn.put_off(kNow + 1min);
  turn.advance(kNow);
  turn.advance(kNow);
  EXPECT_EQ(turn.current(), 1U);
  turn.advance(kNow + 1min);
  EXPECT_EQ(turn.current(), 0U);
}

TEST(ServerTurnTest, WhenAllAskedForPatienceTheFirstToBeReadyIsNext) {
  ServerTurn turn(3);
  for (const auto patience : {3min, 1min, 2min}) {
    turn.put_off(kNow + patience);
    turn.advance(kNow);
  }
  EXPECT_EQ(turn.current(), 1U);
  EXPECT_EQ(turn.not_before(), kNow + 1min);
}

TEST(ServerTurnTest, OnlyOneStays) {
  ServerTurn turn(1);
  turn.put_off(kNow + 1min);
  turn.advance(kNow);
  EXPECT_EQ(turn.current(), 0U);
  EXPECT_EQ(turn.not_before(), kNow + 1min);
}

}  // namespace
}  // namespace sorteo::client
