#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>

#include "tests/client_sdk/test_client.hpp"
#include "tests/support/fake_server.hpp"

// What the client says, and does not do, when a connection ends before the answers.
namespace sorteo::client {
namespace {

using test::FakePeer;
using test::FakeServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string peer_name(const FakeServer& server) {
  return "127.0.0.1:" + std::to_string(server.port());
}

// On its first connection answers `answered` requests, the probe included, reads `more`, and ends
// as `end` says; serves the later connections well.
FakeServer::Script breaks_after(int answered, int more, std::function<void(FakePeer&)> end) {
  return [=](FakePeer& peer, int number) {
    if (number > 1) {
      test::persistent_server()(peer, number);
      return;
    }
    for (int at = 0; at < answered + more; ++at) {
      if (peer.read_request() && at < answered) {
        peer.send(test::ok_answer());
      }
    }
    end(peer);
  };
}

// Submits batches 1 to 6, the first alone, then flushes.
std::optional<Failure> send_six_batches(TestClient& client) {
  client.submit(1, 10);
  EXPECT_FALSE(client->flush());
  const Submitted submitted = client->submit_all(bets(11, 60));
  if (submitted.failure) {
    return submitted.failure;
  }
  EXPECT_EQ(submitted.taken, 50U);
  return client->flush();
}

TEST(ClientUnknownTest, EveryBatchOnTheBrokenConnectionIsUnknown) {
  // The batches 1 to 3 are answered, 4 to 6 are read, and the connection ends.
  FakeServer server(breaks_after(4, 3, [](FakePeer&) {}));
  TestClient client(server.port());
  const auto failure = send_six_batches(client);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kOutcomeUnknown);
  EXPECT_EQ(failure->stage, Stage::kAnswer);
  EXPECT_EQ(failure->message, peer_name(server) +
                                  ": answer: the server closed the connection; "
                                  "whether bets 31 to 60 are stored is unknown");
  EXPECT_THAT(client.outcomes(), ElementsAre("stored 1-10", "stored 11-20", "stored 21-30",
                                             "unknown 31-40", "unknown 41-50", "unknown 51-60"));
  EXPECT_EQ(client->progress().bets_unknown, 30U);
}

TEST(ClientUnknownTest, ResetIsToldAsSuch) {
  FakeServer server(breaks_after(4, 3, [](FakePeer& peer) { peer.reset(); }));
  TestClient client(server.port());
  const auto failure = send_six_batches(client);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kOutcomeUnknown);
  EXPECT_THAT(failure->message, HasSubstr("Connection reset by peer"));
}

TEST(ClientUnknownTest, GarbageIsToldAsSuch) {
  FakeServer server(breaks_after(4, 3, [](FakePeer& peer) {
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.wait_for_end();
  }));
  TestClient client(server.port());
  const auto failure = send_six_batches(client);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kOutcomeUnknown);
  EXPECT_THAT(failure->message, HasSubstr("an answer of the unknown type 72"));
}

TEST(ClientUnknownTest, AnswerOfAConsultaIsNoneOfABatch) {
  FakeServer server(breaks_after(4, 3, [](FakePeer& peer) {
    peer.send(test::wait_answer());
    peer.wait_for_end();
  }));
  TestClient client(server.port());
  const auto failure = send_six_batches(client);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kOutcomeUnknown);
  EXPECT_THAT(failure->message, HasSubstr("an answer of the wrong type"));
  EXPECT_EQ(client->progress().bets_unknown, 30U);
}

// These answers do not promise that nothing was stored: to submit the bets again could double them.
TEST(ClientUnknownTest, ServerThatDoesNotKnowItselfMakesTheBatchUnknown) {
  for (const std::string reason : {"storage failed, whether it is stored is unknown", "INTERNAL"}) {
    FakeServer server([&](FakePeer& peer, int) {
      while (peer.read_request()) {
        peer.send(test::error_answer(reason));
      }
    });
    TestClient client(server.port());
    client.submit(1, 5);
    const auto failure = client->flush();
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->kind, FailureKind::kOutcomeUnknown);
    EXPECT_EQ(failure->message, peer_name(server) + ": answer: the server answered ERROR " +
                                    reason + "; whether bets 1 to 5 are stored is unknown");
    EXPECT_THAT(client.outcomes(), ElementsAre("unknown 1-5"));
    EXPECT_EQ(client->progress().bets_refused, 0U);
  }
}

TEST(ClientUnknownTest, SilenceMakesTheBatchesUnknown) {
  FakeServer server(breaks_after(4, 3, [](FakePeer& peer) { peer.wait_for_end(); }));
  TestClient client(server.port(),
                    [](Options& options) { options.answer_timeout = std::chrono::seconds(1); });
  const auto failure = send_six_batches(client);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kOutcomeUnknown);
  EXPECT_THAT(failure->message, HasSubstr("answer: no answer within 1000 ms"));
}

TEST(ClientUnknownTest, UnknownBatchesAreNotSentAgain) {
  FakeServer server(breaks_after(4, 3, [](FakePeer&) {}));
  TestClient client(server.port());
  ASSERT_TRUE(send_six_batches(client));
  client.submit(61, 100);
  EXPECT_FALSE(client->flush());
  EXPECT_EQ(server.documents(), documents(1, 100));
  EXPECT_EQ(server.connections(), 2);
  EXPECT_EQ(client->progress().bets_stored, 70U);
  EXPECT_EQ(client->progress().bets_unknown, 30U);
}

TEST(ClientUnknownTest, FirstBatchWithoutAnswerIsUnknown) {
  FakeServer server([](FakePeer& peer, int) { peer.read_request(); });
  TestClient client(server.port());
  client.submit(1, 1);
  const auto failure = client->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kOutcomeUnknown);
  EXPECT_EQ(failure->message, peer_name(server) +
                                  ": answer: the server closed the connection; "
                                  "whether bet 1 is stored is unknown");
}

TEST(ClientUnknownTest, BatchesThatStillWaitAreSentLater) {
  FakeServer server([](FakePeer& peer, int number) {
    peer.read_request();
    if (number > 1) {
      peer.send(test::ok_answer());
      test::persistent_server()(peer, number);
    }
  });
  TestClient client(server.port());
  const Submitted submitted = client->submit_all(bets(1, 55));
  const auto failure = submitted.failure ? submitted.failure : client->flush();
  ASSERT_TRUE(failure);
  EXPECT_THAT(failure->message, HasSubstr("bets 1 to 10 are stored is unknown"));
  EXPECT_THAT(client.outcomes(), ElementsAre("unknown 1-10"));
  client.submit(static_cast<std::uint32_t>(submitted.taken) + 1, 55);
  EXPECT_FALSE(client->flush());
  EXPECT_EQ(client->progress().bets_stored, 45U);
  EXPECT_EQ(server.documents(), documents(1, 55));
}

TEST(ClientUnknownTest, ServerThatStopsReadingIsGivenUpInTheSendStage) {
  FakeServer server([](FakePeer& peer, int) {
    for (int at = 0; at < 2; ++at) {
      peer.read_request();
      peer.send(test::ok_answer());
    }
    peer.wait_for_end();
  });
  TestClient client(server.port(), [](Options& options) {
    options.window = 200;  // more than the buffers of both sockets hold
    options.max_batch_bets = 1;
    options.answer_timeout = std::chrono::seconds(1);
  });
  client.submit(1, 1);
  EXPECT_FALSE(client->flush());
  const std::vector<Bet> many(200, huge_bet(2));
  const Submitted submitted = client->submit_all(many);
  const auto failure = submitted.failure ? submitted.failure : client->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kOutcomeUnknown);
  EXPECT_EQ(failure->stage, Stage::kSend);
  EXPECT_THAT(failure->message, StartsWith(peer_name(server) + ": send: no answer within 1000 ms"));
  // What had not been put on the wire still waits.
  EXPECT_GT(client->progress().bets_unknown, 0U);
  EXPECT_LT(client->progress().bets_unknown, client->progress().bets_submitted - 1);
}

// A batch that the buffers of both sockets cannot hold, and a server that answers without reading
// it.
std::optional<Failure> answer_before_the_batch_is_sent(const std::string& answer,
                                                       std::vector<std::string>& outcomes) {
  std::latch flushed(1);
  FakeServer server([&](FakePeer& peer, int number) {
    if (number > 1) {
      test::persistent_server()(peer, number);
      return;
    }
    peer.send(answer);
    flushed.wait();
    EXPECT_FALSE(peer.read_request()) << "what is left of the batch was sent";
  });
  TestClient client(server.port(), [](Options& options) {
    options.max_batch_bets = 200;
    options.max_batch_bytes = 16 << 20;
  });
  EXPECT_FALSE(client->submit_all(std::vector<Bet>(199, huge_bet(2))).failure);
  auto failure = client->flush();
  flushed.count_down();
  EXPECT_FALSE(client->finish()) << "on a connection of its own";
  outcomes = client.outcomes();
  return failure;
}

TEST(ClientUnknownTest, AcknowledgementOfABatchNotYetSentIsNotBelieved) {
  std::vector<std::string> outcomes;
  const auto failure = answer_before_the_batch_is_sent(test::ok_answer(), outcomes);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kOutcomeUnknown);
  EXPECT_THAT(failure->message, HasSubstr("an answer before the request was sent"));
  EXPECT_THAT(outcomes, ElementsAre("unknown 1-199"));
}

TEST(ClientUnknownTest, RefusalOfABatchNotYetSentEndsTheConnection) {
  std::vector<std::string> outcomes;
  const auto failure = answer_before_the_batch_is_sent(test::error_answer("too long"), outcomes);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kRefused);
  EXPECT_THAT(outcomes, ElementsAre("refused 1-199"));
}

TEST(ClientUnknownTest, FinishIsNotSaidUntilTheFailureHasBeenAccepted) {
  FakeServer server(breaks_after(0, 1, [](FakePeer&) {}));
  TestClient client(server.port());
  client.submit(1, 5);
  EXPECT_EQ(client->finish()->kind, FailureKind::kOutcomeUnknown);
  EXPECT_EQ(server.requests().size(), 1U);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST(ClientUnknownTest, FailureIsReturnedByTheNextSubmitWhichTakesNothing) {
  FakeServer server([](FakePeer& peer, int) {
    while (peer.read_request()) {
      peer.send(test::error_answer("no"));
    }
  });
  TestClient client(server.port(), [](Options& options) { options.max_batch_bets = 1; });
  // The answer comes while one of the calls runs.
  std::uint64_t calls = 0;
  std::optional<Failure> failure;
  while (!failure && calls < 1'000'000) {
    failure = client->submit(bet(1));
    ++calls;
  }
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kRefused);
  EXPECT_EQ(client->progress().bets_submitted, calls - 1);
}

}  // namespace
}  // namespace sorteo::client
