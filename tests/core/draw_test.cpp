#include "core/draw.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "tests/support/batch_bytes.hpp"
#include "tests/support/manual_background.hpp"
#include "tests/support/mock_bet_store.hpp"
#include "tests/support/recording_log.hpp"

namespace sorteo {
namespace {

using test::batch_bytes;
using test::complete_with;
using test::keep_completion;
using testing::_;
using testing::ElementsAre;
using testing::InSequence;
using testing::NiceMock;
using testing::Return;
using testing::ReturnRef;

Bet bet(std::string document, std::string number) {
  return {"Ana", "Paz", std::move(document), "1999-03-17", std::move(number)};
}

class DrawTest : public testing::Test {
 protected:
  DrawTest() {
    ON_CALL(store_, recovered).WillByDefault(ReturnRef(recovered_));
    ON_CALL(store_, record_draw).WillByDefault(complete_with());
    ON_CALL(store_, visit).WillByDefault([this](BatchVisitor& visitor) {
      show_batches(visitor);
      return std::nullopt;
    });
  }

  void stored(std::uint32_t agency, const std::vector<Bet>& bets) {
    batches_.push_back(batch_bytes(agency, bets));
  }

  // Call it after `recovered_` is as the test wants it.
  Draw& draw(DrawOptions options = {.agencies = 2, .winning_number = 7574}) {
    if (!draw_) {
      draw_.emplace(options, store_, background_.runner(), log_);
    }
    return *draw_;
  }

  void finish(std::initializer_list<std::uint32_t> agencies) {
    for (const std::uint32_t agency : agencies) {
      draw().agency_finished(agency);
    }
  }

  // The winners of `agency`; nothing while the draw has not been held.
  std::optional<std::vector<std::uint32_t>> winners(std::uint32_t agency) {
    const auto found = draw().winners_of(agency);
    return found ? std::optional(std::vector(found->begin(), found->end())) : std::nullopt;
  }

  void show_batches(BatchVisitor& visitor) const {
    for (const std::string& bytes : batches_) {
      const auto batch = decode_batch(as_bytes(bytes));
      if (!batch || !visitor.visit(*batch)) {
        return;
      }
    }
  }

  StoreState recovered_;
  NiceMock<test::MockBetStore> store_;
  test::ManualBackground background_;
  test::RecordingLog log_;

 private:
  std::vector<std::string> batches_;
  std::optional<Draw> draw_;
};

using Documents = std::vector<std::uint32_t>;

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

TEST_F(DrawTest, RecordThatFailsIsTriedAgainAtTheNextFinish) {
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

TEST_F(DrawTest, VisitThatFailsIsTriedAgainAtTheNextFinishWithoutANewRecord) {
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

TEST_F(DrawTest, NothingIsResumedFromAnEmptyStore) {
  EXPECT_CALL(store_, record_draw).Times(0);
  draw().resume();
  EXPECT_EQ(background_.waiting(), 0U);
  EXPECT_EQ(winners(1), std::nullopt);
}

TEST_F(DrawTest, ResumesWithTheAgenciesThatHadFinished) {
  recovered_.finished = {2};
  draw().resume();
  EXPECT_TRUE(draw().has_finished(2));
  EXPECT_EQ(background_.waiting(), 0U);
  finish({1});
  background_.run();
  EXPECT_EQ(winners(1), Documents{});
}

TEST_F(DrawTest, ResumesADrawThatWasDueAndNotRecorded) {
  recovered_.finished = {2, 1};
  stored(1, {bet("11", "7574")});
  EXPECT_CALL(store_, record_draw(7574, _)).WillOnce(complete_with());
  draw().resume();
  background_.run();
  EXPECT_EQ(winners(1), Documents{11});
}

TEST_F(DrawTest, ResumesADrawThatWasRecordedWithoutANewRecord) {
  recovered_.finished = {1, 2};
  recovered_.winning_number = 7574;
  stored(1, {bet("11", "7574")});
  EXPECT_CALL(store_, record_draw).Times(0);
  draw().resume();
  EXPECT_EQ(winners(1), std::nullopt);
  background_.run();
  EXPECT_EQ(winners(1), Documents{11});
}

TEST_F(DrawTest, RecordedWinningNumberBeatsTheConfiguredOne) {
  recovered_.winning_number = 1033;
  stored(1, {bet("11", "7574"), bet("12", "1033")});
  draw({.agencies = 2, .winning_number = 7574}).resume();
  background_.run();
  EXPECT_EQ(winners(1), Documents{12});
}

TEST_F(DrawTest, RecordedDrawStaysHeldThoughMoreAgenciesAreConfigured) {
  recovered_.finished = {1, 2};
  recovered_.winning_number = 7574;
  draw({.agencies = 3, .winning_number = 7574}).resume();
  background_.run();
  EXPECT_EQ(winners(1), Documents{});
}

TEST_F(DrawTest, LogsWhatTheScriptsRead) {
  stored(1, {bet("11", "7574")});
  finish({1, 2});
  background_.run();
  EXPECT_THAT(log_.texts(),
              ElementsAre("action: sorteo | result: in_progress | numero_ganador: 7574",
                          "action: sorteo | result: success | ganadores: 1"));
}

}  // namespace
}  // namespace sorteo
