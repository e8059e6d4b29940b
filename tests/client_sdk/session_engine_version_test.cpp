#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client_sdk/engine_harness.hpp"
#include "tests/client_sdk/memory_log.hpp"
#include "tests/support/fake_server.hpp"

// Which version a server is found to speak.
namespace sorteo::client {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using v2::ErrorCode;

EngineOptions hopeful() {
  EngineOptions options = EngineHarness::usual_options();
  options.may_be_version1 = true;
  return options;
}

TEST(SessionEngineVersionTest, ServerThatClosesTwiceInsteadOfAWelcomeIsOfVersion1) {
  EngineHarness engine(hopeful());
  engine.push(2);
  engine.connect();
  EXPECT_THAT(engine.written(), ElementsAre("hello"));
  engine.close();
  EXPECT_FALSE(engine->version1_server());
  engine.connect();
  EXPECT_THAT(engine.written(), ElementsAre("hello"));
  engine.close();
  EXPECT_EQ(engine->version1_server(), 0U);
  EXPECT_FALSE(engine->connect_at());
  const auto batches = engine->take_unsent();
  ASSERT_EQ(batches.size(), 2U);
  EXPECT_EQ(batches[1].packets, "packets of batch 2");
  EXPECT_EQ(batches[1].first_bet, 11U);
}

TEST(SessionEngineVersionTest, AnswerOfVersion1IsSuchASign) {
  EngineHarness engine(hopeful());
  engine.push(1);
  engine.connect();
  engine.receive(test::error_answer("what is that?"));
  EXPECT_FALSE(engine->is_linked());
  engine.connect();
  engine.receive(test::wait_answer());
  EXPECT_EQ(engine->version1_server(), 0U);
}

TEST(SessionEngineVersionTest, SilenceIsSuchASignAfterItsTime) {
  EngineHarness engine(hopeful());
  engine.push(1);
  engine.connect();
  engine.written();
  engine.pass(2'999ms);
  EXPECT_TRUE(engine->is_linked());
  engine.pass(1ms);
  EXPECT_FALSE(engine->is_linked());
  engine.connect();
  engine.written();
  engine.pass(3s);
  EXPECT_EQ(engine->version1_server(), 0U);
}

TEST(SessionEngineVersionTest, RefusedConnectionsSayNothingOfTheVersion) {
  EngineHarness engine(hopeful());
  engine.push(1);
  for (int at = 0; at < 5; ++at) {
    engine.refuse_connection();
    engine->go_on(engine.now());
  }
  EXPECT_FALSE(engine->version1_server());
}

TEST(SessionEngineVersionTest, BytesOfACutWelcomeAreNoSign) {
  EngineHarness engine(hopeful());
  engine.push(1);
  for (int at = 0; at < 3; ++at) {
    engine.connect();
    engine.written();
    engine.receive(welcome_message(0).substr(0, 1));
    engine.close();
  }
  EXPECT_FALSE(engine->version1_server());
}

TEST(SessionEngineVersionTest, ErrorVersionOrUnsupportedNeedsNoSecondSign) {
  for (const ErrorCode code : {ErrorCode::kVersion, ErrorCode::kUnsupported}) {
    EngineHarness engine(hopeful());
    engine.push(1);
    engine.connect();
    engine.written();
    engine.error(code, MessageType::kHello);
    EXPECT_EQ(engine->version1_server(), 0U);
  }
}

TEST(SessionEngineVersionTest, OnceWelcomedItNeverFallsBack) {
  EngineHarness engine(hopeful());
  engine.push(1);
  engine.open();
  engine.written();
  engine.close();
  for (int at = 0; at < 5; ++at) {
    engine.connect();
    engine.written();
    engine.close();
    engine->go_on(engine.now());
  }
  EXPECT_FALSE(engine->version1_server());
  engine.open();
  EXPECT_THAT(engine.written(), ElementsAre("batch 1"));
}

TEST(SessionEngineVersionTest, WithALogItNeverFallsBackAndSaysWhy) {
  MemoryLog log;
  EngineHarness engine(hopeful(), &log);
  engine.push(1);
  while (engine.failure().empty()) {
    engine.connect();
    engine.written();
    engine.close("end of file");
  }
  EXPECT_FALSE(engine->version1_server());
  EXPECT_THAT(engine.failure(),
              HasSubstr("end of file instead of a Welcome; a server of version 1"));
}

TEST(SessionEngineVersionTest, EachServerIsJudgedForItself) {
  EngineOptions options = hopeful();
  options.servers = 2;
  EngineHarness engine(options);
  engine.push(1);
  engine.connect();
  engine.close();
  EXPECT_EQ(engine->server(), 0U) << "asked a second time";
  engine.refuse_connection();
  EXPECT_EQ(engine->server(), 1U);
  engine->go_on(engine.now());
  engine.open();
  EXPECT_THAT(engine.written(), ElementsAre("batch 1"));
}

TEST(SessionEngineVersionTest, RefusedHelloIsAFailureWithTheReason) {
  EngineHarness engine;
  engine.push(1);
  engine.connect();
  engine.written();
  engine.error(ErrorCode::kVersion, MessageType::kHello);
  EXPECT_EQ(engine.failure(), "refused: the server refused the Hello: VERSION: why");
}

TEST(SessionEngineVersionTest, BusyServerIsGreetedAgain) {
  EngineHarness engine(hopeful());
  engine.push(1);
  engine.connect();
  engine.written();
  engine.error(ErrorCode::kBusy, MessageType::kHello);
  EXPECT_EQ(engine.failure(), "");
  engine.open();
  EXPECT_THAT(engine.written(), ElementsAre("batch 1"));
}

TEST(SessionEngineVersionTest, WelcomeOfAnotherVersionIsABadAnswer) {
  EngineHarness engine;
  engine.push(1);
  engine.connect();
  engine.written();
  v2::Welcome welcome;
  welcome.version = 3;
  engine.welcome(welcome);
  EXPECT_THAT(engine.failure(), StartsWith("bad answer: a Welcome"));
}

TEST(SessionEngineVersionTest, WelcomeBeforeTheHelloIsABadAnswer) {
  EngineHarness engine;
  engine.push(1);
  engine.connect();
  engine.welcome(0);
  EXPECT_THAT(engine.failure(), StartsWith("bad answer: an answer before the Hello"));
}

}  // namespace
}  // namespace sorteo::client
