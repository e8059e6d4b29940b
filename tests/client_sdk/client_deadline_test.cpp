#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <thread>

#include "tests/client_sdk/test_client.hpp"
#include "tests/support/fake_server.hpp"

// Servers that cannot be reached, and time that runs out with nothing lost. That a call returns at
// all is the test; CTest's own timeout fails the ones that would not.
namespace sorteo::client {
namespace {

using namespace std::chrono_literals;
using test::FakePeer;
using test::FakeServer;
using testing::StartsWith;

void be_quick(Options& options) {
  options.connect_timeout = 1s;
  options.answer_timeout = 1s;
}

TEST(ClientDeadlineTest, RefusedConnectionIsAFailureOfConnecting) {
  const test::ClosedPort closed;
  TestClient client(closed.port());
  client.submit(1, 5);
  const auto failure = client->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kDisconnected);
  EXPECT_EQ(failure->stage, Stage::kConnect);
  EXPECT_EQ(failure->message,
            "127.0.0.1:" + std::to_string(closed.port()) + ": connect: Connection refused");
  EXPECT_EQ(client->progress().bets_unknown, 0U);
}

TEST(ClientDeadlineTest, UnreachableServerDoesNotMakeTheClientGrow) {
  const test::ClosedPort closed;
  TestClient client(closed.port(), [](Options& options) { options.window = 2; });
  std::uint64_t taken = 0;
  std::uint64_t failures = 0;
  for (int at = 0; at < 200; ++at) {
    client->submit(bet(1)) ? ++failures : ++taken;
  }
  EXPECT_EQ(taken, 30U);  // two batches that wait, and the one that is being filled
  EXPECT_EQ(failures, 170U);
  EXPECT_EQ(client->progress().bets_submitted, 30U);
}

TEST(ClientDeadlineTest, UnresolvableHostIsAFailureOfResolving) {
  TestClient client(9, [](Options& options) {
    options.host = "no-such-host.invalid";
    options.connect_timeout = 2s;
  });
  client.submit(1, 5);
  const auto failure = client->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->stage, Stage::kResolve);
  EXPECT_THAT(failure->message, StartsWith("no-such-host.invalid:9: resolve: "));
}

TEST(ClientDeadlineTest, NameIsResolved) {
  FakeServer server(test::persistent_server());
  TestClient client(server.port(), [](Options& options) { options.host = "localhost"; });
  client.submit(1, 100);
  EXPECT_FALSE(client->flush());
  EXPECT_EQ(server.documents().size(), 100U);
}

TEST(ClientDeadlineTest, ServerThatNeverAcceptsTimesOutInConnecting) {
  const test::DeafServer deaf;
  TestClient client(deaf.port(), be_quick);
  client.submit(1, 5);
  const auto failure = client->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kTimedOut);
  EXPECT_EQ(failure->stage, Stage::kConnect);
  EXPECT_EQ(client->progress().bets_unknown, 0U);
}

TEST(ClientDeadlineTest, QuestionWithoutAnswerTimesOut) {
  FakeServer server([](FakePeer& peer, int) {
    peer.read_request();
    peer.wait_for_end();
  });
  TestClient client(server.port(), be_quick);
  const auto failure = client->finish();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kTimedOut);
  EXPECT_EQ(failure->stage, Stage::kAnswer);
  EXPECT_EQ(failure->message,
            "127.0.0.1:" + std::to_string(server.port()) + ": answer: no answer within 1000 ms");
}

TEST(ClientDeadlineTest, ServerThatAnswersTooSlowlyCostsTheCallItsTimeButNoBatch) {
  std::latch impatient(1);
  FakeServer server([&](FakePeer& peer, int number) {
    peer.read_request();
    peer.send(test::ok_answer());
    peer.read_request();                 // the probe
    std::this_thread::sleep_for(500ms);  // so that give-up comes after the end of the call
    peer.send(test::ok_answer());
    impatient.wait();
    test::persistent_server()(peer, number);
  });
  TestClient client(server.port(), [](Options& options) {
    options.connect_timeout = 300ms;
    options.answer_timeout = 2s;
  });
  client.submit(1, 10);
  EXPECT_FALSE(client->flush());
  client.submit(11, 60);
  const auto failure = client->flush();
  impatient.count_down();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kTimedOut);
  EXPECT_EQ(client->progress().bets_unknown, 0U);
  EXPECT_FALSE(client->flush());
  EXPECT_EQ(server.documents(), documents(1, 60));
  EXPECT_EQ(server.connections(), 1);
}

TEST(ClientDeadlineTest, ZeroTimeoutsFailAtOnce) {
  FakeServer server(test::persistent_server());
  TestClient client(server.port(), [](Options& options) {
    options.connect_timeout = 0ms;
    options.answer_timeout = -1ms;
  });
  client.submit(1, 5);
  EXPECT_EQ(client->flush()->kind, FailureKind::kTimedOut);
}

TEST(ClientDeadlineTest, LongestTimeoutsDoNotOverflow) {
  FakeServer server(test::persistent_server());
  TestClient client(server.port(), [](Options& options) {
    options.connect_timeout = std::chrono::milliseconds::max();
    options.answer_timeout = std::chrono::milliseconds::max();
  });
  client.submit(1, 50);
  EXPECT_FALSE(client->flush());
}

}  // namespace
}  // namespace sorteo::client
