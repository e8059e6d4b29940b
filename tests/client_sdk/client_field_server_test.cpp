#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "core/message.hpp"
#include "tests/client_sdk/test_client.hpp"
#include "tests/support/fake_server.hpp"

// Against servers that close the connection after each answer.
namespace sorteo::client {
namespace {

using test::FakePeer;
using test::FakeServer;
using testing::ElementsAre;

TEST(ClientFieldServerTest, EveryBetArrivesOnceWhateverTheWindow) {
  for (const std::size_t window : {1U, 2U, 16U}) {
    FakeServer server(test::field_server());
    TestClient client(server.port(), [&](Options& options) { options.window = window; });
    client.submit(1, 205);
    EXPECT_FALSE(client->flush());
    EXPECT_EQ(server.documents(), documents(1, 205)) << "window " << window;
    EXPECT_EQ(client->progress().bets_stored, 205U);
  }
}

TEST(ClientFieldServerTest, EachRequestHasAConnectionOfItsOwn) {
  FakeServer server(test::field_server());
  TestClient client(server.port());
  client.submit(1, 100);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(server.connections(), 11);
  EXPECT_EQ(server.requests().back().type, static_cast<std::uint8_t>(MessageType::kConsulta));
}

TEST(ClientFieldServerTest, ResetAfterTheAnswerIsAnEndToo) {
  FakeServer server([](FakePeer& peer, int number) {
    test::field_server()(peer, number);
    peer.wait_for_end();
    peer.reset();
  });
  TestClient client(server.port(), [](Options& options) {
    options.answer_timeout = std::chrono::seconds(1);  // of the probe, which nobody answers
  });
  client.submit(1, 20);
  const auto failure = client->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kTimedOut);
  EXPECT_THAT(client.outcomes(), ElementsAre("stored 1-10"));

  // The server has been found out: the rest goes in connections of its own.
  client.submit(21, 60);
  EXPECT_FALSE(client->flush());
  EXPECT_EQ(server.documents(), documents(1, 60));
}

TEST(ClientFieldServerTest, WinnersAreAskedForOnNewConnections) {
  FakeServer server([](FakePeer& peer, int number) {
    const auto request = peer.read_request();
    if (request) {
      peer.send(number == 4 ? test::winners_answer({7, 8}) : test::usual_answer(*request));
    }
  });
  TestClient client(server.port());
  client.submit(1, 5);
  EXPECT_FALSE(client->finish());
  EXPECT_THAT(std::get<Winners>(client->wait_for_winners(std::chrono::minutes(1))),
              ElementsAre(7, 8));
  EXPECT_EQ(server.connections(), 4);
}

TEST(ClientFieldServerTest, QuestionWhoseConnectionEndsIsAskedAgain) {
  FakeServer server([](FakePeer& peer, int number) {
    test::field_server()(peer, number);
    if (number == 1) {
      peer.read_request();  // the question, which comes before the connection is seen to end
    }
  });
  TestClient client(server.port());
  client.submit(1, 5);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(server.connections(), 2);
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST(ClientFieldServerTest, FiveAgenciesShareAServerThatServesOneAtATime) {
  FakeServer server(test::field_server());
  std::vector<std::thread> agencies;
  for (std::uint32_t agency = 0; agency < 5; ++agency) {
    agencies.emplace_back([&server, agency] {
      TestClient client(server.port());
      client.submit(agency * 1000, agency * 1000 + 199);
      EXPECT_FALSE(client->finish());
      EXPECT_EQ(client->progress().bets_stored, 200U);
    });
  }
  for (std::thread& agency : agencies) {
    agency.join();
  }
  EXPECT_EQ(server.documents().size(), 1000U);
}

TEST(ClientFieldServerTest, BrokenConnectionConcernsOneBatch) {
  FakeServer server([](FakePeer& peer, int number) {
    if (number == 4) {
      peer.read_request();  // and closes without an answer
      return;
    }
    test::field_server()(peer, number);
  });
  TestClient client(server.port());
  std::uint32_t next = 1;
  std::optional<Failure> failure;
  for (; next <= 100 && !failure; ++next) {
    failure = client->submit(bet(next));
  }
  if (!failure) {
    failure = client->flush();
  } else {
    --next;  // it was not taken
  }
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kOutcomeUnknown);
  if (next <= 100) {
    client.submit(next, 100);
  }
  EXPECT_FALSE(client->flush());
  EXPECT_EQ(client->progress().bets_unknown, 10U);
  EXPECT_EQ(client->progress().bets_stored, 90U);
  EXPECT_EQ(server.documents(), documents(1, 100));
}

}  // namespace
}  // namespace sorteo::client
