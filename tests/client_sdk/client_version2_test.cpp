#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/client_sdk/test_client.hpp"
#include "tests/support/fake_version2.hpp"

// The client against servers of version 2 on loopback ports.
namespace sorteo::client {
namespace {

using namespace std::chrono_literals;
using test::FakePeer;
using test::FakeServer;
using test::FakeVersion2;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

void speak_version2(Options& options) {
  options.protocol = Protocol::kAuto;
  options.first_retry = 1ms;
  options.longest_retry = 2ms;
}

std::string peer_name(const FakeServer& server) {
  return "127.0.0.1:" + std::to_string(server.port());
}

// Reads `requests` of the connection and answers `answered` of them.
void serve_some(FakeVersion2& service, FakePeer& peer, int requests, int answered) {
  for (int at = 0; at < requests; ++at) {
    const auto request = peer.read_request();
    if (!request) {
      return;
    }
    const std::string answer = service.answer(*request);
    if (at < answered) {
      peer.send(answer);
    }
  }
}

TEST(ClientVersion2Test, AllBetsAreStoredOnceOverOneConnection) {
  FakeVersion2 service;
  FakeServer server(service.serve());
  TestClient client(server.port(), speak_version2);
  client.submit(1, 205);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(service.documents(), documents(1, 205));
  EXPECT_THAT(service.finishes(), ElementsAre(205));
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(client->progress().bets_stored, 205U);
  EXPECT_EQ(client->progress().bets_unknown, 0U);
}

TEST(ClientVersion2Test, BatchesWhoseReceiptsAreLostAreNotLostAndNotDoubled) {
  FakeVersion2 service;
  FakeServer server([&](FakePeer& peer, int number) {
    number == 1 ? serve_some(service, peer, 4, 1) : service.serve()(peer, number);
  });
  TestClient client(server.port(), speak_version2);
  client.submit(1, 60);
  EXPECT_FALSE(client->flush());
  EXPECT_EQ(service.documents(), documents(1, 60));
  EXPECT_EQ(server.connections(), 2);
  EXPECT_THAT(client.outcomes(), ElementsAre("stored 1-10", "stored 11-20", "stored 21-30",
                                             "stored 31-40", "stored 41-50", "stored 51-60"));
  // What the Welcome had called durable was not sent again.
  EXPECT_THAT(server.requests(), SizeIs(4 + 1 + 3));
}

TEST(ClientVersion2Test, BatchThatHadComeBeforeIsADuplicate) {
  FakeVersion2 service;
  FakeServer server([&](FakePeer& peer, int number) {
    if (number == 1) {
      serve_some(service, peer, 2, 2);
      serve_some(service, peer, 1, 0);
      service.lose_last_answer();
    } else {
      service.serve()(peer, number);
    }
  });
  TestClient client(server.port(), speak_version2);
  client.submit(1, 20);
  EXPECT_FALSE(client->flush());
  EXPECT_THAT(client.outcomes(), ElementsAre("stored 1-10", "duplicate 11-20"));
  EXPECT_EQ(service.documents(), documents(1, 20));
  EXPECT_EQ(client->progress().bets_duplicate, 10U);
  EXPECT_FALSE(client->finish()) << "the duplicates count as stored";
}

// Cuts its connections at random: before a request is taken, after it, after its answer, or in the
// middle of that.
TEST(ClientVersion2Test, ConnectionsThatBreakAnywhereLoseAndDoubleNothing) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    FakeVersion2 service;
    std::mt19937 random(seed);
    FakeServer server([&](FakePeer& peer, int) {
      while (const auto request = peer.read_request()) {
        const auto die = random() % 20;
        if (die == 0) {
          return;
        }
        const std::string answer = service.answer(*request);
        if (die == 1 || die == 2) {
          service.lose_last_answer();
          die == 1 ? peer.reset() : peer.send(answer.substr(0, random() % answer.size()));
          return;
        }
        peer.send(answer);
      }
    });
    TestClient client(server.port(), [](Options& options) {
      speak_version2(options);
      options.protocol = Protocol::kVersion2;
    });
    std::uint32_t taken = 0;
    int failures = 0;
    while (taken < 1000 && failures < 100) {
      const auto submitted = client->submit_all(bets(taken + 1, 1000));
      taken += static_cast<std::uint32_t>(submitted.taken);
      failures += submitted.failure ? 1 : 0;
    }
    while (client->flush() && failures < 100) {
      ++failures;
    }
    EXPECT_EQ(service.documents(), documents(1, 1000)) << "seed " << seed;
    const Progress& progress = client->progress();
    EXPECT_EQ(progress.bets_stored + progress.bets_duplicate, 1000U) << "seed " << seed;
  }
}

TEST(ClientVersion2Test, AlternateServersAreTriedInTurn) {
  FakeVersion2 service;
  const test::ClosedPort closed;
  FakeServer server(service.serve());
  TestClient client(closed.port(), [&](Options& options) {
    speak_version2(options);
    options.alternates = {{"127.0.0.1", server.port()}};
  });
  client.submit(1, 30);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(service.documents(), documents(1, 30));
}

TEST(ClientVersion2Test, GoodbyesAreFollowedWithoutAFailure) {
  FakeVersion2 service;
  FakeServer server([&](FakePeer& peer, int number) {
    if (number > 20) {
      service.serve()(peer, number);
      return;
    }
    serve_some(service, peer, 4, 4);
    peer.send(test::go_away());
    peer.end_sending();
    while (peer.read_request()) {  // what was on its way is not taken
    }
  });
  TestClient client(server.port(), speak_version2);
  client.submit(1, 1000);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(service.documents(), documents(1, 1000));
}

TEST(ClientVersion2Test, OtherCountIsRefusedWithBothNumbersAndTheRightOneFinishes) {
  FakeVersion2 service;
  FakeServer server(service.serve());
  TestClient client(server.port(), speak_version2);
  client.submit(1, 15);
  const auto failure = client->finish(20);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kRefused);
  EXPECT_EQ(failure->message,
            peer_name(server) +
                ": answer: the server refused that the agency has finished: COUNT_MISMATCH; the "
                "server has 15 bets of the agency, and 20 were to be stored");
  EXPECT_FALSE(client->finish());
  EXPECT_THAT(service.finishes(), ElementsAre(15));
}

TEST(ClientVersion2Test, BetsOfAFinishedAgencyAreRefused) {
  FakeVersion2 service;
  FakeServer server(service.serve());
  TestClient client(server.port(), speak_version2);
  EXPECT_FALSE(client->finish());
  client.submit(1, 5);
  const auto failure = client->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kRefused);
  EXPECT_THAT(failure->message, HasSubstr("the server refused bets 1 to 5: AGENCY_FINISHED"));
  EXPECT_THAT(client.outcomes(), ElementsAre("refused 1-5"));
}

TEST(ClientVersion2Test, WinnersAreHeldForByTheServer) {
  FakeVersion2 service;
  FakeServer server([&](FakePeer& peer, int) {
    while (const auto request = peer.read_request()) {
      if (request->type == static_cast<std::uint8_t>(MessageType::kAwaitWinners)) {
        service.hold_draw({7, 8});  // while the question waits
      }
      peer.send(service.answer(*request));
    }
  });
  TestClient client(server.port(), speak_version2);
  EXPECT_THAT(std::get<Winners>(client->wait_for_winners(1min)), ElementsAre(7, 8));
  const auto question = v2::decode_await_winners(as_bytes(server.requests().back().payload));
  EXPECT_GT(question->wait_ms, 50'000U);
  EXPECT_THAT(service.finishes(), IsEmpty()) << "asking is not finishing";
}

TEST(ClientVersion2Test, AskingOnceDoesNotWait) {
  FakeVersion2 service;
  FakeServer server(service.serve());
  TestClient client(server.port(), speak_version2);
  EXPECT_EQ(std::get<0>(client->ask_winners()), std::nullopt);
  EXPECT_EQ(v2::decode_await_winners(as_bytes(server.requests().back().payload))->wait_ms, 0U);
}

TEST(ClientVersion2Test, PatienceHasAnEnd) {
  FakeVersion2 service;
  FakeServer server(service.serve());
  TestClient client(server.port(), speak_version2);
  const auto result = client->wait_for_winners(200ms);
  const auto* const failure = std::get_if<Failure>(&result);
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->kind, FailureKind::kTimedOut);
  EXPECT_THAT(failure->message, HasSubstr("the draw has not been held within 200 ms"));
}

TEST(ClientVersion2Test, WinnersAreAskedForAgainAfterALostConnection) {
  FakeVersion2 service;
  FakeServer server([&](FakePeer& peer, int number) {
    if (number < 4) {
      serve_some(service, peer, 2, 1);
      return;
    }
    service.hold_draw({7});
    service.serve()(peer, number);
  });
  TestClient client(server.port(), speak_version2);
  EXPECT_THAT(std::get<Winners>(client->wait_for_winners(1min)), ElementsAre(7));
}

TEST(ClientVersion2Test, BatchWithoutAnAnswerStaysAndIsNamed) {
  FakeVersion2 service;
  FakeServer server([&](FakePeer& peer, int number) {
    if (number == 1) {
      serve_some(service, peer, 2, 1);
      peer.wait_for_end();
      return;
    }
    service.serve()(peer, number);
  });
  TestClient client(server.port(), [](Options& options) {
    speak_version2(options);
    options.connect_timeout = 100ms;
    options.answer_timeout = 1s;
    options.first_retry = options.longest_retry = 1h;  // so that this call does not try again
  });
  client.submit(1, 5);
  const auto failure = client->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kTimedOut);
  EXPECT_THAT(failure->message, HasSubstr("1 batch waits in the client to be sent again"));
  EXPECT_EQ(client->progress().bets_unknown, 5U);
  const auto unsettled = client->unsettled();
  ASSERT_THAT(unsettled, SizeIs(1));
  EXPECT_EQ(unsettled[0].outcome, Outcome::kUnknown);
  EXPECT_EQ(unsettled[0].bets, 5U);
  EXPECT_THAT(unsettled[0].reason, HasSubstr("it is answered stored or duplicate"));
}

TEST(ClientVersion2Test, CallsAfterAFailureGoOn) {
  FakeVersion2 service;
  FakeServer server([&](FakePeer& peer, int number) {
    if (number > 12) {
      service.serve()(peer, number);
    } else {
      serve_some(service, peer, 1, 1);  // and closes with the batches unanswered
    }
  });
  TestClient client(server.port(), speak_version2);
  client.submit(1, 25);
  const auto failure = client->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kDisconnected);
  int more = 0;
  while (client->flush() && more < 10) {
    ++more;
  }
  EXPECT_LT(more, 10);
  EXPECT_EQ(service.documents(), documents(1, 25));
}

}  // namespace
}  // namespace sorteo::client
