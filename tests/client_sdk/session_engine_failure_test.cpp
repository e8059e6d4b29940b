#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client_sdk/engine_harness.hpp"
#include "tests/client_sdk/memory_log.hpp"

// The session against errors, lost connections and servers that lie.
namespace sorteo::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using v2::ErrorCode;

v2::Error gap_error(std::uint64_t expected) {
  auto error = v2::make_error(ErrorCode::kSequenceGap,
                              static_cast<std::uint8_t>(MessageType::kOnceBatch), "");
  error.expected = expected;
  return error;
}

TEST(SessionEngineFailureTest, LostConnectionIsReplacedAndWhatFollowsIsSentAgain) {
  EngineHarness engine;
  engine.push(3);
  engine.open();
  engine.written();
  engine.stored(1);
  engine.close();
  EXPECT_FALSE(engine->is_linked());
  EXPECT_EQ(engine->window().uncertain_bets(), 20U);
  engine.open(2);
  EXPECT_THAT(engine.written(), ElementsAre("batch 3"));
  EXPECT_THAT(engine.outcomes(), ElementsAre("stored 1-10", "stored 11-20"));
  EXPECT_EQ(engine->window().uncertain_bets(), 10U);
  engine.stored(3);
  EXPECT_EQ(engine->window().uncertain_bets(), 0U);
}

TEST(SessionEngineFailureTest, SilentServerIsGivenUpAndTheBatchSentAgain) {
  EngineHarness engine;
  engine.push(1);
  engine.open();
  engine.written();
  engine.pass(29s);
  EXPECT_TRUE(engine->is_linked());
  engine.pass(1s);
  EXPECT_FALSE(engine->is_linked());
  engine.open();
  EXPECT_THAT(engine.written(), ElementsAre("batch 1"));
}

TEST(SessionEngineFailureTest, TimeInWhichNobodyCarriedIsNoSilence) {
  EngineHarness engine;
  engine.push(1);
  engine.open();
  engine.written();
  engine.pass(20s);
  engine->go_on(engine.now());
  engine.pass(20s);
  EXPECT_TRUE(engine->is_linked());
}

TEST(SessionEngineFailureTest, RepeatableErrorsGoBackToTheFirstUnsettledBatch) {
  for (const ErrorCode code : {ErrorCode::kBusy, ErrorCode::kStorageFull, ErrorCode::kInternal,
                               ErrorCode::kStorageFailed}) {
    EngineHarness engine;
    engine.push(3);
    engine.open();
    engine.written();
    engine.stored(1);
    engine.error(code);
    EXPECT_THAT(engine.written(), IsEmpty()) << "the answer to batch 3 is still due";
    engine.error(gap_error(2));
    engine.pass_to_next_time();
    EXPECT_THAT(engine.written(), ElementsAre("batch 2", "batch 3")) << v2::name_of(code);
    engine.stored(2);
    engine.stored(3);
    EXPECT_THAT(engine.outcomes(), ElementsAre("stored 1-10", "stored 11-20", "stored 21-30"));
    EXPECT_EQ(engine.failure(), "");
  }
}

TEST(SessionEngineFailureTest, ErrorIsRepeatedNotSoonerThanItSays) {
  EngineHarness engine;
  engine.push(1);
  engine.open();
  engine.written();
  auto error = v2::make_error(ErrorCode::kStorageFull,
                              static_cast<std::uint8_t>(MessageType::kOnceBatch), "");
  error.after_ms = 60'000;
  engine.error(error);
  engine.pass(59'999ms);
  EXPECT_THAT(engine.written(), IsEmpty());
  engine.pass(1ms);
  EXPECT_THAT(engine.written(), ElementsAre("batch 1"));
}

TEST(SessionEngineFailureTest, PauseThatTheServerAskedForOutlivesTheConnection) {
  EngineHarness engine;
  engine.push(1);
  engine.open();
  engine.written();
  auto error = v2::make_error(ErrorCode::kStorageFull,
                              static_cast<std::uint8_t>(MessageType::kOnceBatch), "");
  error.after_ms = 60'000;
  engine.error(error);
  engine.close();
  EXPECT_GE(*engine->connect_at(), engine.now() + 60s);
}

TEST(SessionEngineFailureTest, StorageThatFailedLeavesTheBatchUncertain) {
  EngineHarness engine;
  engine.push(1);
  engine.open();
  engine.written();
  engine.error(ErrorCode::kStorageFailed);
  EXPECT_EQ(engine->window().uncertain_bets(), 10U);
}

TEST(SessionEngineFailureTest, FinishedAgencyRefusesAllThatWaitsAndAllThatComes) {
  for (const ErrorCode code : {ErrorCode::kAgencyFinished, ErrorCode::kDrawHeld}) {
    EngineHarness engine;
    engine.push(2);
    engine.open();
    engine.written();
    engine.error(code);
    engine.error(gap_error(1));
    engine.push(1);
    const std::string reason = ": " + v2::name_of(code) + ": why";
    EXPECT_THAT(engine.outcomes(), ElementsAre("refused 1-10" + reason, "refused 11-20" + reason,
                                               "refused 21-30" + reason));
    EXPECT_TRUE(engine->idle());
    EXPECT_EQ(engine.failure(), "");
  }
}

TEST(SessionEngineFailureTest, NextRunAfterRefusalsForGoodIsRefusedTheSame) {
  MemoryLog log;
  {
    EngineHarness engine(EngineHarness::usual_options(), &log);
    engine.push(1);
    engine.open();
    engine.written();
    engine.error(ErrorCode::kAgencyFinished);
  }
  EXPECT_EQ(log.settled(), 1U);
  EXPECT_EQ(log.settled_bets(), 0U);
  EngineHarness engine(EngineHarness::usual_options(), &log);
  OutgoingBatch batch{11, 10, "packets"};
  EXPECT_FALSE(engine->push(batch));
  engine.connect();
  engine.written();
  v2::Welcome welcome;
  welcome.has_finished = true;
  engine.welcome(welcome);
  EXPECT_THAT(engine.outcomes(), ElementsAre("refused 11-20: AGENCY_FINISHED"));
  EXPECT_FALSE(engine->is_broken());
}

TEST(SessionEngineFailureTest, ConflictRefusesTheBatchAndNamesSessionAndNumber) {
  EngineHarness engine;
  engine.push(2);
  engine.open();
  engine.written();
  engine.error(ErrorCode::kConflict);
  engine.stored(2);
  EXPECT_THAT(
      engine.outcomes(),
      ElementsAre("refused 1-10: CONFLICT: why; the server has another batch as number 1 of "
                  "session 07070707070707070707070707070707",
                  "stored 11-20"));
}

TEST(SessionEngineFailureTest, BatchTooLargeIsRefusedAndThoseBehindItFollow) {
  for (const ErrorCode code : {ErrorCode::kTooLarge, ErrorCode::kMalformed}) {
    EngineHarness engine;
    engine.push(2);
    engine.open();
    engine.written();
    engine.error(code);
    engine.error(gap_error(1));
    EXPECT_THAT(engine.written(), ElementsAre("empty 1", "batch 2"));
    engine.stored(1, 0);
    engine.stored(2);
    EXPECT_THAT(engine.outcomes(),
                ElementsAre("refused 1-10: " + v2::name_of(code) + ": why", "stored 11-20"));
    EXPECT_EQ(engine->window().stored_bets(), 10U);
  }
}

TEST(SessionEngineFailureTest, BatchOverTheLimitThatMayBeStoredIsAskedAboutAndNotRefused) {
  EngineHarness engine;
  engine.push(1);
  engine.open();
  EXPECT_THAT(engine.written(), ElementsAre("batch 1"));
  engine.close();
  engine.connect();
  engine.written();
  v2::Welcome welcome;
  welcome.max_batch_bytes = 5;
  engine.welcome(welcome);
  EXPECT_THAT(engine.written(), ElementsAre("empty 1"));
  EXPECT_THAT(engine.outcomes(), IsEmpty());
  engine.error(ErrorCode::kConflict);
  EXPECT_THAT(engine.outcomes(), ElementsAre("stored 1-10"));
}

TEST(SessionEngineFailureTest, ServerThatRefusesEvenABatchWithoutBetsEndsIt) {
  EngineHarness engine;
  engine.push(1);
  engine.open();
  engine.written();
  engine.error(ErrorCode::kMalformed);
  engine.written();
  engine.error(ErrorCode::kMalformed);
  EXPECT_THAT(engine.failure(), StartsWith("refused: the server refuses a batch without bets"));
}

TEST(SessionEngineFailureTest, GapThatNamesAnAcknowledgedBatchIsALossAndEndsIt) {
  EngineHarness engine;
  engine.push(2);
  engine.open();
  engine.written();
  engine.stored(1);
  engine.error(gap_error(1));
  EXPECT_TRUE(engine->is_broken());
  EXPECT_THAT(engine.failure(), HasSubstr("it has lost bets"));
}

// The server names what was not durable when the batch came.
TEST(SessionEngineFailureTest, GapBehindABatchThatFailedIsNoLoss) {
  EngineHarness engine;
  engine.push(3);
  engine.open();
  engine.written();
  engine.stored(1);
  engine.error(ErrorCode::kBusy);
  engine.error(gap_error(1));
  EXPECT_FALSE(engine->is_broken());
  engine.pass_to_next_time();
  EXPECT_THAT(engine.written(), ElementsAre("batch 2", "batch 3"));
}

TEST(SessionEngineFailureTest, WelcomeWithLessThanWasAcknowledgedIsALossAndEndsIt) {
  EngineHarness engine;
  engine.push(2);
  engine.open();
  engine.written();
  engine.stored(1);
  engine.close();
  engine.connect();
  engine.written();
  engine.welcome(0);
  EXPECT_TRUE(engine->is_broken());
  engine->go_on(engine.now());
  EXPECT_THAT(engine.failure(), HasSubstr("had acknowledged them up to 1"));
  EXPECT_FALSE(engine->connect_at());
}

TEST(SessionEngineFailureTest, WelcomeWithMoreThanWasSentEndsIt) {
  EngineHarness engine;
  engine.push(2);
  engine.connect();
  engine.written();
  engine.welcome(1);
  EXPECT_TRUE(engine->is_broken());
  EXPECT_THAT(engine.failure(), HasSubstr("the outbox is an old copy, or somebody else uses it"));
  EXPECT_THAT(engine.outcomes(), IsEmpty());
}

TEST(SessionEngineFailureTest, WrongAnswersEndTheConnectionAndLoseNothing) {
  const std::string receipt_of_another =
      receipt({2, {BatchOutcome::kStored, false, 10, 2}, {}, {}});
  const std::string not_durable = receipt({1, {BatchOutcome::kStored, false, 10, 0}, {}, {}});
  const std::string other_count = receipt({1, {BatchOutcome::kStored, false, 9, 1}, {}, {}});
  for (const std::string& bytes :
       {receipt_of_another, not_durable, other_count,
        message(MessageType::kFinished, v2::encode_finished(10)),
        message(MessageType::kReceipt, "short"), message(MessageType::kError, "short"),
        message(MessageType::kWinners, std::string(8, 'x')), message(MessageType::kPong, ""),
        std::string("HTTP/1.1 400 Bad Request\r\n"), std::string("\x11\xff\xff\xff\xff", 5)}) {
    EngineHarness engine;
    engine.push(1);
    engine.open();
    engine.written();
    engine.receive(bytes);
    EXPECT_THAT(engine.failure(), StartsWith("bad answer: "));
    EXPECT_FALSE(engine->is_linked());
    EXPECT_THAT(engine.outcomes(), IsEmpty());
    engine->go_on(engine.now());
    engine.open();
    EXPECT_THAT(engine.written(), ElementsAre("batch 1"));
  }
}

TEST(SessionEngineFailureTest, AnswerToNoRequestIsABadAnswer) {
  EngineHarness engine;
  engine.push(1);
  engine.open();
  engine.written();
  engine.stored(1);
  engine.stored(1);
  EXPECT_EQ(engine.failure(), "bad answer: an answer to no request");
}

TEST(SessionEngineFailureTest, BudgetOfRetriesEndsAndEachCallHasOneAttemptMore) {
  EngineHarness engine;
  engine.push(1);
  engine.open();
  int attempts = 0;
  for (engine.close(); engine.failure().empty() && attempts < 100; engine.refuse_connection()) {
    ++attempts;
  }
  EXPECT_EQ(attempts, 9);
  EXPECT_EQ(engine.failure(), "disconnected: refused");
  EXPECT_FALSE(engine->connect_at());
  engine->go_on(engine.now());
  engine.refuse_connection();
  EXPECT_EQ(engine.failure(), "disconnected: refused");
}

TEST(SessionEngineFailureTest, BusyServerUsesTheBudgetUpToo) {
  EngineHarness engine;
  engine.push(1);
  engine.open();
  int asked = 0;
  while (engine.failure().empty() && asked < 100) {
    ASSERT_THAT(engine.written(), ElementsAre("batch 1"));
    engine.error(ErrorCode::kBusy);
    ++asked;
    if (engine.failure().empty()) {
      engine.pass_to_next_time();
    }
  }
  EXPECT_EQ(asked, 10);
  EXPECT_EQ(engine.failure(), "timed out: the server answers BUSY: why");
  EXPECT_FALSE(engine->idle());
}

TEST(SessionEngineFailureTest, AgencyThatNeverReachedAServerIsToldAtOnce) {
  EngineOptions options = EngineHarness::usual_options();
  options.servers = 2;
  EngineHarness engine(options);
  engine.push(1);
  engine.refuse_connection();
  EXPECT_EQ(engine.failure(), "");
  EXPECT_EQ(engine->server(), 1U);
  engine.refuse_connection();
  EXPECT_EQ(engine.failure(), "disconnected: refused");
}

TEST(SessionEngineFailureTest, ServersAreTriedInTurn) {
  EngineOptions options = EngineHarness::usual_options();
  options.servers = 3;
  EngineHarness engine(options);
  engine.push(1);
  engine.open();
  engine.close();
  EXPECT_EQ(engine->server(), 1U);
  engine.refuse_connection();
  EXPECT_EQ(engine->server(), 2U);
  engine.refuse_connection();
  EXPECT_EQ(engine->server(), 0U);
}

TEST(SessionEngineFailureTest, GoAwayTakesTheAnswersDueAndGoesOnElsewhere) {
  EngineOptions options = EngineHarness::usual_options();
  options.servers = 2;
  EngineHarness engine(options);
  engine.push(3);
  engine.open();
  EXPECT_EQ(engine.written().size(), 3U);
  engine.go_away(60'000);
  engine.push(1);
  EXPECT_THAT(engine.written(), IsEmpty());
  engine.stored(1);
  engine.stored(2);
  EXPECT_TRUE(engine->is_linked());
  engine.stored(3);
  EXPECT_FALSE(engine->is_linked());
  EXPECT_EQ(engine->server(), 1U);
  EXPECT_EQ(*engine->connect_at(), engine.now());
  engine.open(3);
  EXPECT_THAT(engine.written(), ElementsAre("batch 4"));
  EXPECT_EQ(engine.failure(), "");
}

TEST(SessionEngineFailureTest, OnlyServerIsVisitedAgainWhenItSays) {
  EngineHarness engine;
  engine.push(1);
  engine.open();
  engine.go_away(60'000);
  engine.receive({});
  EXPECT_EQ(*engine->connect_at(), engine.now() + 60s);
}

TEST(SessionEngineFailureTest, ServerThatClosesInItsGoodbyeCostsNoAttempt) {
  EngineHarness engine;
  engine.push(2);
  for (int at = 0; at < 50; ++at) {
    engine.open();
    EXPECT_EQ(engine.written().size(), 2U);
    engine.go_away();
    engine.close();
    EXPECT_EQ(engine.failure(), "");
  }
}

TEST(SessionEngineFailureTest, ServerThatOnlySaysGoodbyeUsesTheBudgetUp) {
  EngineHarness engine;
  engine.push(1);
  int visits = 0;
  for (; engine.failure().empty() && visits < 50; ++visits) {
    engine.open();
    engine.go_away();
  }
  EXPECT_LT(visits, 50);
  EXPECT_EQ(engine.failure(),
            "disconnected: the server says goodbye before it has answered anything");
}

TEST(SessionEngineFailureTest, QuestionIsAskedAgainAfterAGoodbye) {
  EngineHarness engine;
  Question question;
  question.what = Question::What::kWinners;
  question.until = engine.now() + 60s;
  engine->ask(question);
  engine.open();
  EXPECT_EQ(engine.written().size(), 1U);
  engine.go_away();
  engine.error(ErrorCode::kClosing, MessageType::kAwaitWinners);
  EXPECT_FALSE(engine->is_linked());
  engine.open();
  EXPECT_THAT(engine.written(), ElementsAre(StartsWith("await ")));
  EXPECT_EQ(engine.failure(), "");
}

TEST(SessionEngineFailureTest, ClosingServerIsLeft) {
  EngineOptions options = EngineHarness::usual_options();
  options.servers = 2;
  EngineHarness engine(options);
  engine.push(2);
  engine.open();
  engine.written();
  engine.error(ErrorCode::kClosing);
  engine.error(ErrorCode::kClosing);
  EXPECT_FALSE(engine->is_linked());
  EXPECT_EQ(engine->server(), 1U);
}

TEST(SessionEngineFailureTest, RefusalWhoseReceiptWasLostIsNotTakenForStored) {
  EngineHarness engine;
  engine.push(3);
  engine.open();
  engine.written();
  engine.close();
  engine.connect();
  engine.written();
  v2::Welcome welcome;
  welcome.durable = 2;
  welcome.last_refused = 1;
  engine.welcome(welcome);
  EXPECT_THAT(engine.outcomes(), IsEmpty());
  EXPECT_THAT(engine.written(), ElementsAre("batch 1", "batch 2", "batch 3"));
  engine.receive(receipt({1, {BatchOutcome::kRefused, true, 0, 2}, ErrorCode::kMalformed, "why"}));
  engine.receive(receipt({2, {BatchOutcome::kStored, true, 10, 2}, {}, {}}));
  engine.stored(3);
  EXPECT_THAT(engine.outcomes(),
              ElementsAre("refused 1-10: MALFORMED: why", "duplicate 11-20", "stored 21-30"));
}

TEST(SessionEngineFailureTest, PauseThatAServerAsksForHasABound) {
  EngineHarness engine;
  engine.push(1);
  engine.open();
  engine.written();
  engine.stored(1);
  engine.push(1);
  engine.go_away(UINT32_MAX);
  engine.close();
  ASSERT_TRUE(engine->connect_at());
  EXPECT_LE(*engine->connect_at(), engine.now() + std::chrono::minutes(1));
}

TEST(SessionEngineFailureTest, GoodbyeThatWasNotAgreedOnIsABadAnswer) {
  EngineHarness engine;
  engine.push(1);
  engine.connect();
  engine.written();
  engine.welcome(v2::Welcome());
  engine.go_away();
  EXPECT_THAT(engine.failure(), StartsWith("bad answer: a goodbye"));
}

TEST(SessionEngineFailureTest, FinishIsSentAgainAfterALostConnection) {
  EngineHarness engine;
  engine->ask(Question());
  engine.open();
  EXPECT_THAT(engine.written(), ElementsAre("finish 0"));
  engine.close();
  engine.open();
  EXPECT_THAT(engine.written(), ElementsAre("finish 0"));
}

TEST(SessionEngineFailureTest, IdleConnectionThatEndsCostsNothing) {
  EngineHarness engine;
  for (int at = 1; at <= 50; ++at) {
    engine.push(1);
    engine.open(static_cast<std::uint64_t>(at) - 1);
    engine.written();
    engine.stored(static_cast<std::uint64_t>(at));
    engine.close();
    EXPECT_EQ(engine.failure(), "");
  }
}

}  // namespace
}  // namespace sorteo::client
