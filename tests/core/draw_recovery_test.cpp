// The draw when the store fails, and when it comes back after a restart.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <new>
#include <optional>

#include "core/draw.hpp"
#include "tests/core/draw_fixture.hpp"

namespace sorteo {
namespace {

using test::bet;
using test::complete_with;
using test::Documents;
using testing::_;

class DrawRecoveryTest : public test::DrawFixture {};

TEST_F(DrawRecoveryTest, RecordThatFailsIsTriedAgainAtTheNextFinish) {
  EXPECT_CALL(store_, record_draw)
      .WillOnce(complete_with(StoreError::kFull))
      .WillOnce(complete_with());
  finish({1, 2});
  EXPECT_EQ(background_.waiting(), 0U);
  EXPECT_EQ(winners(1), std::nullopt);
  EXPECT_TRUE(log_.contains("action: sorteo | result: fail | error: storage full, try later"));
  finish({2});
  background_.run();
  EXPECT_EQ(winners(1), Documents{});
}

TEST_F(DrawRecoveryTest, VisitThatFailsIsTriedAgainAtTheNextFinishWithoutANewRecord) {
  stored(1, {bet("11", "7574")});
  EXPECT_CALL(store_, record_draw).Times(1).WillOnce(complete_with());
  EXPECT_CALL(store_, visit)
      .WillOnce([this](BatchVisitor& visitor) {
        show_batches(visitor);
        return std::optional(StoreFailure{StoreError::kDamaged, "bets.log: byte 77 is damaged"});
      })
      .WillOnce([this](BatchVisitor& visitor) {
        show_batches(visitor);
        return std::nullopt;
      });
  finish({1, 2});
  background_.run();
  EXPECT_EQ(winners(1), std::nullopt);
  EXPECT_TRUE(log_.contains("action: sorteo | result: fail | error: bets.log: byte 77 is damaged"));
  finish({1});
  background_.run();
  EXPECT_EQ(winners(1), Documents{11});
}

TEST_F(DrawRecoveryTest, BackgroundThatTakesNoTaskIsTriedAgainAtTheNextFinish) {
  stored(1, {bet("11", "7574")});
  bool has_memory = false;
  Draw draw(
      {.agencies = 1, .winning_number = 7574}, store_,
      [&](std::function<void()> task) { has_memory ? task() : throw std::bad_alloc(); }, log_);
  draw.agency_finished(1);
  EXPECT_FALSE(draw.winners_of(1));
  EXPECT_TRUE(log_.contains("action: sorteo | result: fail | error: std::bad_alloc"));
  has_memory = true;
  draw.agency_finished(1);
  EXPECT_THAT(draw.winners_of(1), testing::Optional(testing::ElementsAre(11)));
}

TEST_F(DrawRecoveryTest, WinnersThatDoNotFitInMemoryAreTriedAgainAtTheNextFinish) {
  stored(1, {bet("11", "7574")});
  EXPECT_CALL(store_, visit)
      .WillOnce(testing::Throw(std::bad_alloc()))
      .WillOnce([this](BatchVisitor& visitor) {
        show_batches(visitor);
        return std::nullopt;
      });
  finish({1, 2});
  background_.run();
  EXPECT_TRUE(log_.contains("action: sorteo | result: fail | error: std::bad_alloc"));
  finish({1});
  background_.run();
  EXPECT_EQ(winners(1), Documents{11});
}

TEST_F(DrawRecoveryTest, NothingIsResumedFromAnEmptyStore) {
  EXPECT_CALL(store_, record_draw).Times(0);
  draw().resume();
  EXPECT_EQ(background_.waiting(), 0U);
  EXPECT_EQ(winners(1), std::nullopt);
}

TEST_F(DrawRecoveryTest, ResumesWithTheAgenciesThatHadFinished) {
  recovered_.finished = {2};
  draw().resume();
  EXPECT_TRUE(draw().has_finished(2));
  EXPECT_EQ(background_.waiting(), 0U);
  finish({1});
  background_.run();
  EXPECT_EQ(winners(1), Documents{});
}

TEST_F(DrawRecoveryTest, ResumesADrawThatWasDueAndNotRecorded) {
  recovered_.finished = {2, 1};
  stored(1, {bet("11", "7574")});
  EXPECT_CALL(store_, record_draw(7574, _)).WillOnce(complete_with());
  draw().resume();
  background_.run();
  EXPECT_EQ(winners(1), Documents{11});
}

TEST_F(DrawRecoveryTest, ResumesADrawThatWasRecordedWithoutANewRecord) {
  recovered_.finished = {1, 2};
  recovered_.winning_number = 7574;
  stored(1, {bet("11", "7574")});
  EXPECT_CALL(store_, record_draw).Times(0);
  draw().resume();
  EXPECT_EQ(winners(1), std::nullopt);
  background_.run();
  EXPECT_EQ(winners(1), Documents{11});
}

TEST_F(DrawRecoveryTest, ResumingAgainTriesADrawThatFailedAgain) {
  EXPECT_CALL(store_, record_draw)
      .WillOnce(complete_with(StoreError::kFull))
      .WillOnce(complete_with());
  finish({1, 2});
  draw().resume();
  background_.run();
  EXPECT_EQ(winners(1), Documents{});
}

TEST_F(DrawRecoveryTest, ResumingAgainDoesNothingWhileTheDrawIsUnderWayOrHeld) {
  EXPECT_CALL(store_, record_draw).Times(1);
  EXPECT_CALL(store_, visit).Times(1);
  finish({1, 2});
  draw().resume();
  background_.run();
  draw().resume();
  EXPECT_EQ(background_.waiting(), 0U);
}

TEST_F(DrawRecoveryTest, WinnersThatWereKeptNeedNoVisit) {
  recovered_.winning_number = 7574;
  recovered_.winners = WinnersByAgency{{1, {11, 12}}};
  EXPECT_CALL(store_, visit).Times(0);
  EXPECT_CALL(store_, keep_winners).Times(0);
  int told = 0;
  draw().on_held([&] { ++told; });
  draw().resume();
  EXPECT_EQ(background_.waiting(), 0U);
  EXPECT_EQ(told, 1);
  EXPECT_EQ(winners(1), (Documents{11, 12}));
  EXPECT_EQ(winners(2), Documents{});
  EXPECT_TRUE(log_.contains("action: sorteo | result: success | ganadores: 2"));
}

TEST_F(DrawRecoveryTest, WinnersAreKeptOnceTheyAreKnown) {
  stored(1, {bet("11", "7574"), bet("13", "7574")});
  stored(2, {bet("12", "7574")});
  EXPECT_CALL(store_, keep_winners(WinnersByAgency{{1, {11, 13}}, {2, {12}}}))
      .WillOnce([this](const WinnersByAgency&) {
        EXPECT_EQ(winners(2), Documents{12});  // nobody waits for the disk
        return std::nullopt;
      });
  finish({1, 2});
  background_.run();
}

TEST_F(DrawRecoveryTest, WinnersThatCannotBeKeptAreStillKnown) {
  stored(1, {bet("11", "7574")});
  EXPECT_CALL(store_, keep_winners)
      .WillOnce(testing::Return(StoreFailure{StoreError::kFull, "winners: no space left"}));
  finish({1, 2});
  background_.run();
  EXPECT_EQ(winners(1), Documents{11});
  const test::RecordingLog::Line warning{
      LogLevel::kWarning, "action: keep_winners | result: fail | error: winners: no space left"};
  EXPECT_THAT(log_.lines(), testing::Contains(warning));
}

TEST_F(DrawRecoveryTest, KeepingThatThrowsIsAWarningToo) {
  EXPECT_CALL(store_, keep_winners).WillOnce(testing::Throw(std::bad_alloc()));
  finish({1, 2});
  background_.run();
  EXPECT_EQ(winners(1), Documents{});
  EXPECT_TRUE(log_.contains("action: keep_winners | result: fail | error: std::bad_alloc"));
}

TEST_F(DrawRecoveryTest, RecordedWinningNumberBeatsTheConfiguredOne) {
  recovered_.winning_number = 1033;
  stored(1, {bet("11", "7574"), bet("12", "1033")});
  draw({.agencies = 2, .winning_number = 7574}).resume();
  background_.run();
  EXPECT_EQ(winners(1), Documents{12});
}

TEST_F(DrawRecoveryTest, RecordedDrawStaysHeldThoughMoreAgenciesAreConfigured) {
  recovered_.finished = {1, 2};
  recovered_.winning_number = 7574;
  draw({.agencies = 3, .winning_number = 7574}).resume();
  background_.run();
  EXPECT_EQ(winners(1), Documents{});
}

}  // namespace
}  // namespace sorteo
