#include "client_sdk/session_engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "tests/client_sdk/engine_harness.hpp"
#include "tests/client_sdk/memory_log.hpp"

// The session against a server that does as it should.
namespace sorteo::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Question winners_until(Clock::time_point until) {
  Question question;
  question.what = Question::What::kWinners;
  question.until = until;
  return question;
}

Question finish_with(std::uint64_t bets) {
  Question question;
  question.bets = bets;
  return question;
}

TEST(SessionEngineTest, WantsNoConnectionWithoutBusiness) {
  EngineHarness engine;
  EXPECT_FALSE(engine->connect_at());
  engine.push(1);
  EXPECT_TRUE(engine->connect_at());
}

TEST(SessionEngineTest, SaysHelloAndSendsNothingBeforeTheWelcome) {
  EngineHarness engine;
  engine.push(2);
  engine.connect();
  EXPECT_THAT(engine.written(), ElementsAre("hello"));
  EXPECT_THAT(engine.written(), IsEmpty());
  engine.welcome();
  EXPECT_THAT(engine.written(), ElementsAre("batch 1", "batch 2"));
}

TEST(SessionEngineTest, ReceiptsSettleTheBatchesInOrder) {
  EngineHarness engine;
  engine.push(3);
  engine.open();
  EXPECT_THAT(engine.written(), ElementsAre("batch 1", "batch 2", "batch 3"));
  engine.stored(1);
  engine.receive(receipt({2, {BatchOutcome::kStored, true, 10, 2}, {}, {}}));
  engine.receive(
      receipt({3, {BatchOutcome::kRefused, false, 0, 3}, v2::ErrorCode::kMalformed, "bet 4"}));
  EXPECT_THAT(engine.outcomes(),
              ElementsAre("stored 1-10", "duplicate 11-20", "refused 21-30: MALFORMED: bet 4"));
  EXPECT_TRUE(engine->idle());
  EXPECT_EQ(engine->window().stored_bets(), 20U);
}

TEST(SessionEngineTest, ReceiptIsReadHoweverItIsCut) {
  const std::string bytes = welcome_message(0);
  const std::string answer = receipt({1, {BatchOutcome::kStored, false, 10, 1}, {}, {}});
  for (std::size_t cut = 0; cut <= answer.size(); ++cut) {
    EngineHarness engine;
    engine.push(1);
    engine.connect();
    EXPECT_THAT(engine.written(), ElementsAre("hello"));
    engine.receive(bytes.substr(0, cut));
    engine.receive(bytes.substr(std::min(cut, bytes.size())));
    EXPECT_THAT(engine.written(), ElementsAre("batch 1"));
    engine.receive(answer.substr(0, cut));
    engine.receive(answer.substr(cut));
    EXPECT_THAT(engine.outcomes(), ElementsAre("stored 1-10")) << "cut at " << cut;
  }
}

// Whatever is lost on the way, the batch stays, and goes out again on the next connection.
TEST(SessionEngineTest, ConnectionCutAtEveryByteLosesNothing) {
  const std::string answers = welcome_message(0) +
                              receipt({1, {BatchOutcome::kStored, false, 10, 1}, {}, {}}) +
                              receipt({2, {BatchOutcome::kStored, false, 10, 2}, {}, {}});
  const std::size_t first_receipt = welcome_message(0).size();
  for (std::size_t cut = 0; cut < answers.size(); ++cut) {
    EngineHarness engine;
    engine.push(2);
    engine.connect();
    engine.written();
    for (std::size_t at = 0; at < cut; ++at) {
      engine.receive(answers.substr(at, 1));
      if (at + 1 == first_receipt) {
        EXPECT_THAT(engine.written(), ElementsAre("batch 1", "batch 2"));
      }
    }
    engine.close();
    const std::size_t had = engine.outcomes().size();
    engine.open(had);
    EXPECT_EQ(engine.written().size(), 2 - had) << "cut at " << cut;
    for (std::uint64_t number = had + 1; number <= 2; ++number) {
      engine.stored(number);
    }
    EXPECT_EQ(engine.outcomes().size(), 2 - had) << "cut at " << cut;
    EXPECT_TRUE(engine->idle());
  }
}

TEST(SessionEngineTest, WindowHoldsUnsettledBatches) {
  EngineHarness engine;
  engine.push(4);
  EXPECT_FALSE(engine->has_room());
  engine.open();
  EXPECT_THAT(engine.written(), ElementsAre("batch 1", "batch 2", "batch 3", "batch 4"));
  engine.stored(1);
  EXPECT_TRUE(engine->has_room());
  engine.push(1);
  EXPECT_THAT(engine.written(), ElementsAre("batch 5"));
}

TEST(SessionEngineTest, ServersWindowHoldsToo) {
  EngineHarness engine;
  engine.push(4);
  engine.connect();
  engine.written();
  v2::Welcome welcome;
  welcome.window = 2;
  engine.welcome(welcome);
  EXPECT_THAT(engine.written(), ElementsAre("batch 1", "batch 2"));
  engine.stored(1);
  EXPECT_THAT(engine.written(), ElementsAre("batch 3"));
}

TEST(SessionEngineTest, BatchOverTheServersLimitIsRefusedHereAndItsNumberGoesEmpty) {
  EngineHarness engine;
  engine.push(1);
  engine.connect();
  engine.written();
  v2::Welcome welcome;
  welcome.max_batch_bytes = 5;
  engine.welcome(welcome);
  EXPECT_THAT(engine.written(), ElementsAre("empty 1"));
  EXPECT_THAT(engine.outcomes(), ElementsAre("refused 1-10: it is longer than the server takes"));
  engine.stored(1, 0);
  EXPECT_THAT(engine.outcomes(), IsEmpty());
  EXPECT_TRUE(engine->idle());
}

// What a run before this one had pushed, and a server that takes less than it.
class SessionEngineEarlierRunTest : public testing::Test {
 protected:
  SessionEngineEarlierRunTest() {
    EngineHarness earlier(EngineHarness::usual_options(), &log_);
    earlier.push(2);
  }

  void welcome(std::uint64_t durable) {
    engine_.emplace(EngineHarness::usual_options(), &log_);
    engine_->connect();
    engine_->written();
    v2::Welcome welcome;
    welcome.durable = durable;
    welcome.max_batch_bytes = 5;
    engine_->welcome(welcome);
  }

  MemoryLog log_;
  std::optional<EngineHarness> engine_;
};

TEST_F(SessionEngineEarlierRunTest, BatchOverTheLimitThatWasEmptiedThenIsRefused) {
  for (const std::uint64_t durable : {0U, 1U}) {
    welcome(durable);
    EXPECT_THAT(engine_->outcomes(), IsEmpty());
    EXPECT_THAT(engine_->written(), ElementsAre("empty 1"));
  }
  engine_->stored(1, 0);
  EXPECT_THAT(engine_->outcomes(), ElementsAre("refused 1-10: it is longer than the server takes"));
  EXPECT_THAT(engine_->written(), ElementsAre("empty 2"));
}

TEST_F(SessionEngineEarlierRunTest, BatchOverTheLimitThatIsStoredIsInConflictWithAnEmptyOne) {
  welcome(1);
  EXPECT_THAT(engine_->written(), ElementsAre("empty 1"));
  engine_->error(v2::ErrorCode::kConflict);
  EXPECT_THAT(engine_->outcomes(), ElementsAre("stored 1-10"));
  EXPECT_EQ((*engine_)->window().stored_bets(), 10U);
}

TEST(SessionEngineTest, QuestionWaitsForTheBatches) {
  EngineHarness engine;
  engine.push(1);
  engine.open();
  engine->ask(finish_with(10));
  EXPECT_THAT(engine.written(), ElementsAre("batch 1"));
  engine.stored(1);
  EXPECT_THAT(engine.written(), ElementsAre("finish 10"));
  engine.receive(message(MessageType::kFinished, v2::encode_finished(10)));
  EXPECT_EQ(engine.answer(), "finished");
}

TEST(SessionEngineTest, CountMismatchNamesBothNumbers) {
  EngineHarness engine;
  engine->ask(finish_with(30));
  engine.open();
  EXPECT_THAT(engine.written(), ElementsAre("finish 30"));
  auto error = v2::make_error(v2::ErrorCode::kCountMismatch,
                              static_cast<std::uint8_t>(MessageType::kFinish), "");
  error.stored = 20;
  error.claimed = 30;
  engine.error(error);
  EXPECT_EQ(engine.answer(),
            "refused: COUNT_MISMATCH; the server has 20 bets of the agency, and 30 were to be "
            "stored");
}

TEST(SessionEngineTest, ServerHoldsTheQuestionForTheWinners) {
  EngineHarness engine;
  engine->ask(winners_until(engine.now() + 90s));
  engine.open();
  EXPECT_THAT(engine.written(), ElementsAre("await 90000"));
  engine.pass(119s);  // the wait, and nearly the time for any answer
  EXPECT_TRUE(engine->is_linked());
  engine.receive(message(MessageType::kWinners,
                         v2::encode_winners(7574, std::vector<std::uint32_t>{1, 2, 3})));
  EXPECT_EQ(engine.answer(), "3 winners");
}

TEST(SessionEngineTest, QuestionIsHeldForFiveMinutesAtMost) {
  EngineHarness engine;
  engine->ask(winners_until(engine.now() + 24h));
  engine.open();
  EXPECT_THAT(engine.written(), ElementsAre("await 300000"));
  engine.error(v2::ErrorCode::kNotHeld, MessageType::kAwaitWinners);
  EXPECT_EQ(engine.answer(), "not held");
}

TEST(SessionEngineTest, CancelledQuestionEndsItsConnection) {
  EngineHarness engine;
  engine->ask(winners_until(engine.now() + 24h));
  engine.open();
  engine.written();
  engine->cancel_question(engine.now());
  EXPECT_FALSE(engine->is_linked());
  EXPECT_FALSE(engine->connect_at());
}

TEST(SessionEngineTest, LogHasABatchBeforeItIsSent) {
  MemoryLog log;
  EngineHarness engine(EngineHarness::usual_options(), &log);
  engine.push(1);
  EXPECT_EQ(log.last_sequence(), 1U);
  engine.open();
  EXPECT_THAT(engine.written(), ElementsAre("batch 1"));
  engine.stored(1);
  EXPECT_EQ(log.settled(), 1U);
  EXPECT_EQ(log.settled_bets(), 10U);
}

TEST(SessionEngineTest, BatchThatTheLogDoesNotTakeIsNotSent) {
  MemoryLog log;
  EngineHarness engine(EngineHarness::usual_options(), &log);
  log.fault = "disk full";
  OutgoingBatch batch{1, 10, "packets"};
  EXPECT_EQ(engine->push(batch), "disk full");
  EXPECT_EQ(batch.packets, "packets");
  engine.open();
  EXPECT_THAT(engine.written(), testing::IsEmpty());
}

TEST(SessionEngineTest, OutcomeThatTheLogCannotNoteIsToldAllTheSame) {
  MemoryLog log;
  EngineHarness engine(EngineHarness::usual_options(), &log);
  engine.push(1);
  engine.open();
  engine.written();
  log.fault = "disk full";
  engine.stored(1);
  EXPECT_THAT(engine.outcomes(), ElementsAre("stored 1-10"));
  EXPECT_EQ(engine->take_log_fault(), "disk full");
  EXPECT_EQ(engine->take_log_fault(), std::nullopt);
}

TEST(SessionEngineTest, NextRunSendsWhatFollowsTheDurablePart) {
  MemoryLog log;
  {
    EngineHarness engine(EngineHarness::usual_options(), &log);
    engine.push(3);
    engine.open();
    engine.written();
  }
  EngineHarness engine(EngineHarness::usual_options(), &log);
  EXPECT_EQ(engine->window().uncertain_bets(), 30U);
  engine.open(2);
  EXPECT_THAT(engine.written(), ElementsAre("batch 3"));
  EXPECT_THAT(engine.outcomes(), ElementsAre("stored 1-10", "stored 11-20"));
  EXPECT_EQ(log.settled(), 2U);
}

TEST(SessionEngineTest, SameSeedDoesTheSame) {
  const auto pauses = [] {
    EngineHarness engine;
    engine.push(1);
    engine.open();
    std::vector<Clock::time_point> attempts;
    for (int at = 0; at < 5; ++at) {
      engine.close();
      attempts.push_back(*engine->connect_at());
      engine.connect();
    }
    return attempts;
  };
  EXPECT_EQ(pauses(), pauses());
}

}  // namespace
}  // namespace sorteo::client
