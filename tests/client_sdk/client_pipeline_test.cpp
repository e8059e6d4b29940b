#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <vector>

#include "tests/client_sdk/test_client.hpp"
#include "tests/support/fake_server.hpp"

// Against servers that keep the connection.
namespace sorteo::client {
namespace {

using test::FakePeer;
using test::FakeServer;
using testing::ElementsAre;

// Answers the first batch and the probe, which tells the client that the server keeps connections.
bool answer_first_and_probe(FakePeer& peer) {
  for (int at = 0; at < 2; ++at) {
    if (!peer.read_request()) {
      return false;
    }
    peer.send(test::ok_answer());
  }
  return true;
}

TEST(ClientPipelineTest, AllBetsGoOverOneConnection) {
  FakeServer server(test::persistent_server());
  TestClient client(server.port());
  client.submit(1, 1005);
  EXPECT_FALSE(client->flush());
  EXPECT_EQ(server.documents(), documents(1, 1005));
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(client->progress().bets_stored, 1005U);
  EXPECT_EQ(client.outcomes().size(), 101U);
}

TEST(ClientPipelineTest, FirstBatchGoesAloneAndAnEmptyOneFollows) {
  FakeServer server(test::persistent_server());
  TestClient client(server.port());
  client.submit(1, 30);
  EXPECT_FALSE(client->flush());
  std::vector<std::size_t> sizes;
  for (const auto& request : server.requests()) {
    sizes.push_back(request.payload.size());
  }
  ASSERT_EQ(sizes.size(), 4U);
  EXPECT_GT(sizes[0], 4U);
  EXPECT_EQ(sizes[1], 4U);
  EXPECT_GT(sizes[2], 4U);
}

TEST(ClientPipelineTest, OneBatchNeedsNoProbe) {
  FakeServer server(test::persistent_server());
  TestClient client(server.port());
  client.submit(1, 10);
  EXPECT_FALSE(client->flush());
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(ClientPipelineTest, WindowIsFilledBeforeAnAnswerComes) {
  constexpr int kWindow = 5;
  FakeServer server([](FakePeer& peer, int) {
    if (!answer_first_and_probe(peer)) {
      return;
    }
    for (int at = 0; at < kWindow; ++at) {
      peer.read_request();
    }
    for (int at = 0; at < kWindow; ++at) {
      peer.send(test::ok_answer());
    }
    peer.wait_for_end();
  });
  TestClient client(server.port(), [](Options& options) { options.window = kWindow; });
  client.submit(1, 10);
  EXPECT_FALSE(client->flush());
  client.submit(11, 60);
  EXPECT_FALSE(client->flush());
  EXPECT_EQ(client->progress().bets_stored, 60U);
}

TEST(ClientPipelineTest, NoMoreThanTheWindowIsSent) {
  FakeServer server([](FakePeer& peer, int) {
    if (answer_first_and_probe(peer)) {
      while (peer.read_request()) {  // and never an answer
      }
    }
  });
  TestClient client(server.port(), [](Options& options) {
    options.window = 3;
    options.answer_timeout = std::chrono::seconds(1);
  });
  client.submit(1, 10);
  EXPECT_FALSE(client->flush());
  EXPECT_EQ(client->submit_all(bets(11, 100)).taken, 40U);
  EXPECT_THAT(client.outcomes(),
              ElementsAre("stored 1-10", "unknown 11-20", "unknown 21-30", "unknown 31-40"));
}

TEST(ClientPipelineTest, AnswersMayComeByteByByte) {
  FakeServer server([](FakePeer& peer, int) {
    while (const auto request = peer.read_request()) {
      peer.send_byte_by_byte(test::usual_answer(*request));
    }
  });
  TestClient client(server.port());
  client.submit(1, 200);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(client->progress().bets_stored, 200U);
}

TEST(ClientPipelineTest, RefusedBatchIsReportedAndTheOthersAreStored) {
  // Answers the second to the fifth batch together, so that the refusal comes after the last
  // submit.
  FakeServer server([batches = 0](FakePeer& peer, int) mutable {
    while (const auto request = peer.read_request()) {
      const bool is_probe = request->payload.size() == 4;
      batches += is_probe ? 0 : 1;
      if (is_probe || batches == 1) {
        peer.send(test::ok_answer());
      } else if (batches == 5) {
        peer.send(test::ok_answer() + test::error_answer("bet 2: number is empty") +
                  test::ok_answer() + test::ok_answer());
      }
    }
  });
  TestClient client(server.port());
  client.submit(1, 45);
  const auto failure = client->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kRefused);
  EXPECT_EQ(failure->stage, Stage::kAnswer);
  EXPECT_EQ(failure->message, "127.0.0.1:" + std::to_string(server.port()) +
                                  ": answer: the server refused bets 21 to 30: "
                                  "bet 2: number is empty");
  EXPECT_THAT(client.outcomes(), ElementsAre("stored 1-10", "stored 11-20", "refused 21-30",
                                             "stored 31-40", "stored 41-45"));
  EXPECT_EQ(client->progress().bets_refused, 10U);
  EXPECT_EQ(server.connections(), 1);
}

TEST(ClientPipelineTest, ServerThatStopsReadingToWriteManyAnswersDoesNotLockUp) {
  // While the server writes these answers it reads nothing: requests fill the buffers one way (a
  // sender's is 4 MB at most), and answers the other.
  constexpr std::uint32_t kAnsweredTogether = 100;
  constexpr std::uint32_t kBatches = 250;
  const std::string answer = test::error_answer(std::string(60'000, 'x'));
  std::latch all_submitted(1);
  FakeServer server([&](FakePeer& peer, int) {
    if (!answer_first_and_probe(peer)) {
      return;
    }
    for (std::uint32_t at = 0; at < kAnsweredTogether; ++at) {
      peer.read_request();
    }
    all_submitted.wait();
    for (std::uint32_t at = 0; at < kAnsweredTogether; ++at) {
      peer.send(answer);
    }
    while (peer.read_request()) {
      peer.send(answer);
    }
  });
  TestClient client(server.port(), [](Options& options) {
    options.window = kBatches + 1;
    options.max_batch_bets = 1;
    options.max_batch_bytes = 64 * 1024;
    options.answer_timeout = std::chrono::seconds(10);
  });
  client.submit(1, 1);
  EXPECT_FALSE(client->flush());
  const Submitted submitted = client->submit_all(std::vector<Bet>(kBatches, huge_bet(2)));
  all_submitted.count_down();
  EXPECT_EQ(submitted.taken, kBatches);
  const auto failure = client->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kRefused);
  EXPECT_EQ(client->progress().bets_refused, kBatches);
}

TEST(ClientPipelineTest, ConnectionThatEndedWithNothingOnItIsReplaced) {
  FakeServer server([](FakePeer& peer, int number) {
    if (number == 1) {
      answer_first_and_probe(peer);
      peer.read_request();
      peer.send(test::ok_answer());
      return;
    }
    test::persistent_server()(peer, number);
  });
  TestClient client(server.port());
  client.submit(1, 20);
  EXPECT_FALSE(client->flush());
  // The server's end of the connection arrives with the answer or after it; the Consulta finds out.
  EXPECT_FALSE(client->finish());
  client.submit(21, 60);
  EXPECT_FALSE(client->flush());
  EXPECT_EQ(server.documents(), documents(1, 60));
  EXPECT_EQ(server.connections(), 2);
}

TEST(ClientPipelineTest, ProgressIsToldAfterEveryBatch) {
  FakeServer server(test::persistent_server());
  std::vector<std::uint64_t> stored;
  TestClient client(server.port(), [&](Options& options) {
    options.on_progress = [&](const Progress& progress) { stored.push_back(progress.bets_stored); };
  });
  client.submit(1, 35);
  EXPECT_FALSE(client->flush());
  EXPECT_THAT(stored, ElementsAre(10, 20, 30, 35));
}

TEST(ClientPipelineTest, ClientCanBeMovedInTheMiddle) {
  FakeServer server(test::persistent_server());
  Options options;
  options.host = "127.0.0.1";
  options.port = server.port();
  Client first(options);
  EXPECT_FALSE(first.submit_all(bets(1, 250)).failure);
  Client second(std::move(first));
  EXPECT_FALSE(second.flush());
  EXPECT_EQ(second.progress().bets_stored, 250U);
}

}  // namespace
}  // namespace sorteo::client
