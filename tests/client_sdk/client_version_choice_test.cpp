#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client_sdk/test_client.hpp"
#include "tests/support/fake_version2.hpp"

// Which version the client speaks with whom.
namespace sorteo::client {
namespace {

using namespace std::chrono_literals;
using test::FakePeer;
using test::FakeServer;
using test::FakeVersion2;
using testing::ElementsAre;
using testing::HasSubstr;

void choose(Options& options) {
  options.protocol = Protocol::kAuto;
  options.first_retry = 1ms;
  options.longest_retry = 2ms;
}

bool is_hello(const test::FakeRequest& request) {
  return request.type == static_cast<std::uint8_t>(MessageType::kHello);
}

// As the servers of version 1 do with a type that they do not know.
FakeServer::Script closes_at_hello(bool keeps_connections) {
  return [=](FakePeer& peer, int) {
    while (const auto request = peer.read_request()) {
      if (is_hello(*request)) {
        return;
      }
      peer.send(test::usual_answer(*request));
      if (!keeps_connections) {
        return;
      }
    }
  };
}

TEST(ClientVersionChoiceTest, ServersThatCloseAtTheHelloAreSpokenToInVersion1) {
  for (const bool keeps_connections : {true, false}) {
    FakeServer server(closes_at_hello(keeps_connections));
    TestClient client(server.port(), choose);
    client.submit(1, 105);
    EXPECT_FALSE(client->finish());
    EXPECT_EQ(server.documents(), documents(1, 105));
    EXPECT_EQ(client->progress().bets_stored, 105U);
    EXPECT_EQ(server.requests().back().type, static_cast<std::uint8_t>(MessageType::kConsulta));
  }
}

TEST(ClientVersionChoiceTest, ServerThatIsSilentAtTheHelloIsSpokenToInVersion1) {
  FakeServer server([](FakePeer& peer, int) {
    while (const auto request = peer.read_request()) {
      if (!is_hello(*request)) {
        peer.send(test::usual_answer(*request));
      }
    }
  });
  TestClient client(server.port(), [](Options& options) {
    choose(options);
    options.hello_timeout = 20ms;
  });
  client.submit(1, 45);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(server.documents(), documents(1, 45));
}

TEST(ClientVersionChoiceTest, ServerThatAnswersTheHelloInVersion1IsSpokenToInVersion1) {
  FakeServer server([](FakePeer& peer, int) {
    while (const auto request = peer.read_request()) {
      peer.send(is_hello(*request) ? test::error_answer("no such type")
                                   : test::usual_answer(*request));
    }
  });
  TestClient client(server.port(), choose);
  client.submit(1, 45);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(server.documents(), documents(1, 45));
}

FakeServer::Script has_winners_in_version1() {
  return [](FakePeer& peer, int) {
    while (const auto request = peer.read_request()) {
      if (is_hello(*request)) {
        return;
      }
      const bool asks = request->type == static_cast<std::uint8_t>(MessageType::kConsulta);
      peer.send(asks ? test::winners_answer({7}) : test::usual_answer(*request));
    }
  };
}

TEST(ClientVersionChoiceTest, QuestionForTheWinnersNeverBecomesAFinishByItself) {
  FakeServer server(has_winners_in_version1());
  TestClient client(server.port(), choose);
  for (int time = 0; time < 2; ++time) {
    const auto failure = std::get<Failure>(client->ask_winners());
    EXPECT_EQ(failure.kind, FailureKind::kDisconnected);
    EXPECT_THAT(failure.message, HasSubstr("only if version 1 is chosen"));
  }
  EXPECT_EQ(std::get<Failure>(client->wait_for_winners(1min)).kind, FailureKind::kDisconnected);
  for (const auto& request : server.requests()) {
    EXPECT_TRUE(is_hello(request));
  }
}

TEST(ClientVersionChoiceTest, WinnersAreAskedForInVersion1WhereBatchesWereAnsweredInIt) {
  FakeServer server(has_winners_in_version1());
  TestClient client(server.port(), choose);
  client.submit(1, 45);
  EXPECT_THAT(std::get<Winners>(client->wait_for_winners(1min)), ElementsAre(7));
}

TEST(ClientVersionChoiceTest, WinnersAreAskedForInVersion1AfterAFinish) {
  FakeServer server(has_winners_in_version1());
  TestClient client(server.port(), choose);
  EXPECT_FALSE(client->finish());
  EXPECT_THAT(std::get<Winners>(client->wait_for_winners(1min)), ElementsAre(7));
}

TEST(ClientVersionChoiceTest, OneEndOfAConnectionIsNoSign) {
  FakeVersion2 service;
  FakeServer server([&](FakePeer& peer, int number) {
    if (number > 1) {
      service.serve()(peer, number);
    }
  });
  TestClient client(server.port(), choose);
  client.submit(1, 45);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(service.documents(), documents(1, 45));
}

TEST(ClientVersionChoiceTest, OnceWelcomedNothingIsSentInVersion1) {
  FakeVersion2 service;
  FakeServer server([&](FakePeer& peer, int number) {
    if (number == 1) {
      for (int at = 0; at < 2; ++at) {  // the Hello and one batch
        if (const auto request = peer.read_request()) {
          peer.send(service.answer(*request));
        }
      }
      return;
    }
    closes_at_hello(true)(peer, number);
  });
  TestClient client(server.port(), choose);
  client.submit(1, 10);
  EXPECT_FALSE(client->flush());
  client.submit(11, 50);
  const auto failure = client->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kDisconnected);
  EXPECT_TRUE(server.documents().empty());
  for (const auto& request : server.requests()) {
    EXPECT_GE(request.type, 0x10);
  }
}

TEST(ClientVersionChoiceTest, Version1AloneSaysNoHello) {
  FakeVersion2 service;
  FakeServer server(service.serve());
  TestClient client(server.port());
  client.submit(1, 45);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(server.documents(), documents(1, 45));
}

TEST(ClientVersionChoiceTest, Version2AloneFailsWithAServerOfVersion1) {
  FakeServer server(closes_at_hello(true));
  TestClient client(server.port(), [](Options& options) {
    choose(options);
    options.protocol = Protocol::kVersion2;
  });
  client.submit(1, 10);
  const auto failure = client->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kDisconnected);
  EXPECT_THAT(failure->message, HasSubstr("version 2 is needed here"));
  EXPECT_TRUE(server.documents().empty());
}

TEST(ClientVersionChoiceTest, ServerThatNeverAcceptedIsAFailureAtOnce) {
  const test::ClosedPort closed;
  TestClient client(closed.port(), [](Options& options) {
    choose(options);
    options.first_retry = 24h;
    options.longest_retry = 24h;
  });
  client.submit(1, 5);
  const auto failure = client->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kDisconnected);
  EXPECT_EQ(failure->stage, Stage::kConnect);
  EXPECT_THAT(failure->message, HasSubstr(": connect: Connection refused"));
}

TEST(ClientVersionChoiceTest, AlternatesAreTriedInVersion1Too) {
  const test::ClosedPort closed;
  FakeServer server(test::persistent_server());
  TestClient client(closed.port(), [&](Options& options) {
    options.alternates = {{"127.0.0.1", server.port()}};
  });
  client.submit(1, 45);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(server.documents(), documents(1, 45));
}

}  // namespace
}  // namespace sorteo::client
