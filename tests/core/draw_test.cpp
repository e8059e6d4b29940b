#include "core/draw.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <vector>

#include "tests/core/draw_fixture.hpp"

namespace sorteo {
namespace {

using test::bet;
using test::complete_with;
using test::Documents;
using test::keep_completion;
using testing::_;
using testing::ElementsAre;
using testing::InSequence;
using testing::Return;

class DrawTest : public test::DrawFixture {};

TEST_F(DrawTest, IsHeldWhenEnoughAgenciesHaveFinished) {
  stored(1, {bet("11", "7574")});
  finish({1});
  EXPECT_EQ(background_.run(), 0U);
  EXPECT_EQ(winners(1), std::nullopt);
  finish({2});
  EXPECT_EQ(background_.run(), 1U);
  EXPECT_EQ(winners(1), Documents{11});
}

TEST_F(DrawTest, AnAgencyCountsOnce) {
  finish({1, 1, 1});
  EXPECT_EQ(background_.waiting(), 0U);
}

TEST_F(DrawTest, AnyAgenciesCountNotOnlyTheFirstNumbers) {
  finish({4000000000U, 17});
  background_.run();
  EXPECT_EQ(winners(17), Documents{});
}

TEST_F(DrawTest, KnowsWhoHasFinished) {
  finish({3});
  EXPECT_TRUE(draw().has_finished(3));
  EXPECT_FALSE(draw().has_finished(1));
}

TEST_F(DrawTest, IsRecordedInTheStoreBeforeItIsComputed) {
  const InSequence sequence;
  EXPECT_CALL(store_, record_draw(7574, _)).WillOnce(complete_with());
  EXPECT_CALL(store_, visit).WillOnce(Return(std::nullopt));
  finish({1, 2});
  background_.run();
}

TEST_F(DrawTest, NothingIsComputedUntilTheRecordIsDurable) {
  BetStore::Completion done;
  EXPECT_CALL(store_, record_draw).WillOnce(keep_completion(done));
  finish({1, 2});
  EXPECT_EQ(background_.waiting(), 0U);
  EXPECT_EQ(winners(1), std::nullopt);
  done({});
  EXPECT_EQ(background_.run(), 1U);
  EXPECT_EQ(winners(1), Documents{});
}

TEST_F(DrawTest, IsComputedInTheBackgroundOnly) {
  EXPECT_CALL(store_, visit).Times(0);
  finish({1, 2});
  EXPECT_EQ(background_.waiting(), 1U);
}

TEST_F(DrawTest, NoWinnersAreToldWhileTheyAreComputed) {
  stored(1, {bet("11", "7574")});
  EXPECT_CALL(store_, visit).WillOnce([this](BatchVisitor& visitor) {
    EXPECT_EQ(winners(1), std::nullopt);
    show_batches(visitor);
    EXPECT_EQ(winners(1), std::nullopt);
    return std::nullopt;
  });
  finish({1, 2});
  background_.run();
  EXPECT_EQ(winners(1), Documents{11});
}

TEST_F(DrawTest, IsHeldOnce) {
  EXPECT_CALL(store_, record_draw).Times(1).WillOnce(complete_with());
  EXPECT_CALL(store_, visit).Times(1).WillOnce(Return(std::nullopt));
  finish({1, 2, 3, 1, 2});
  background_.run();
  finish({4, 1});
  background_.run();
}

TEST_F(DrawTest, IsHeldOnceWhenAllFinishTogether) {
  EXPECT_CALL(store_, record_draw).Times(1).WillOnce(complete_with());
  EXPECT_CALL(store_, visit).Times(1).WillOnce(Return(std::nullopt));
  draw();
  std::vector<std::thread> threads;
  for (std::uint32_t agency = 1; agency <= 8; ++agency) {
    threads.emplace_back([this, agency] { draw().agency_finished(agency); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  background_.run();
  EXPECT_EQ(winners(1), Documents{});
}

TEST_F(DrawTest, WinnersMayBeAskedForWhileTheDrawIsHeld) {
  stored(1, {bet("11", "7574")});
  draw();
  std::thread asking([this] {
    for (int question = 0; question < 1000; ++question) {
      const auto found = winners(1);
      EXPECT_TRUE(!found || *found == Documents{11});
    }
  });
  finish({1, 2});
  background_.run();
  asking.join();
}

TEST_F(DrawTest, NumbersAreComparedAsNumbers) {
  stored(1, {bet("1", "7574"), bet("2", "007574"), bet("3", "75740"), bet("4", "757"),
             bet("5", "0"), bet("00000006", "07574")});
  finish({1, 2});
  background_.run();
  EXPECT_EQ(winners(1), (Documents{1, 2, 6}));
}

TEST_F(DrawTest, EachAgencyIsToldItsOwnWinnersInTheOrderStored) {
  stored(2, {bet("30", "7574"), bet("10", "7574")});
  stored(1, {bet("5", "7574")});
  stored(2, {bet("20", "1"), bet("30", "7574")});
  stored(1, {bet("4", "7574")});
  finish({1, 2});
  background_.run();
  EXPECT_EQ(winners(1), (Documents{5, 4}));
  EXPECT_EQ(winners(2), (Documents{30, 10, 30}));
  EXPECT_EQ(winners(3), Documents{});
}

TEST_F(DrawTest, TheViewOfTheWinnersStays) {
  stored(1, {bet("11", "7574")});
  finish({1, 2});
  background_.run();
  const auto before = draw().winners_of(1);
  finish({3, 4});
  background_.run();
  EXPECT_EQ(before->data(), draw().winners_of(1)->data());
}

TEST_F(DrawTest, LogsWhatTheScriptsRead) {
  stored(1, {bet("11", "7574")});
  finish({1, 2});
  background_.run();
  EXPECT_THAT(log_.texts(),
              ElementsAre("action: sorteo | result: in_progress | numero_ganador: 7574",
                          "action: sorteo | result: success | ganadores: 1"));
}

TEST_F(DrawTest, TellsOnceThatItHasBeenHeld) {
  stored(1, {bet("11", "7574")});
  int told = 0;
  draw().on_held([&] {
    EXPECT_EQ(winners(1), Documents{11});
    ++told;
  });
  finish({1, 2});
  EXPECT_EQ(told, 0);
  background_.run();
  EXPECT_EQ(told, 1);
  finish({1, 2});
  background_.run();
  EXPECT_EQ(told, 1);
}

TEST_F(DrawTest, IsRecordedBeforeItsWinnersAreKnown) {
  EXPECT_FALSE(draw().is_recorded());
  finish({1, 2});
  EXPECT_TRUE(draw().is_recorded());
  EXPECT_EQ(winners(1), std::nullopt);
  EXPECT_EQ(draw().winning_number(), 7574U);
}

}  // namespace
}  // namespace sorteo
