#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "tests/client_sdk/test_client.hpp"
#include "tests/support/fake_version2.hpp"
#include "tests/support/temporary_directory.hpp"

// The client with an outbox, whose program ends anywhere and is run again.
namespace sorteo::client {
namespace {

using namespace std::chrono_literals;
using test::FakePeer;
using test::FakeServer;
using test::FakeVersion2;
using testing::ElementsAre;
using testing::HasSubstr;

class ClientOutboxTest : public testing::Test {
 protected:
  std::function<void(Options&)> with_outbox() const {
    return [this](Options& options) {
      options.protocol = Protocol::kAuto;
      options.first_retry = 1ms;
      options.longest_retry = 2ms;
      options.outbox.emplace();
      options.outbox->path = directory_ / "outbox";
      options.outbox->sync = false;
    };
  }

  // Submits what the outbox does not have of the bets 1 to `last`.
  static void go_on(TestClient& client, std::uint32_t last) {
    const auto taken = static_cast<std::uint32_t>(client->recovered().bets_taken);
    client.submit(taken + 1, last);
  }

  test::TemporaryDirectory directory_;
  FakeVersion2 service_;
};

TEST_F(ClientOutboxTest, NextRunGoesOnBehindWhatTheFirstHadTaken) {
  FakeServer server(service_.serve());
  {
    TestClient client(server.port(), with_outbox());
    client.submit(1, 45);  // four batches are taken, and the last five bets are not
  }
  TestClient client(server.port(), with_outbox());
  EXPECT_EQ(client->recovered().bets_taken, 40U);
  EXPECT_EQ(client->progress().bets_submitted, 40U);
  go_on(client, 100);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(service_.documents(), documents(1, 100));
  EXPECT_THAT(service_.finishes(), ElementsAre(100));
  EXPECT_EQ(client->recovered().bets_durable, 40U);
}

TEST_F(ClientOutboxTest, WhatTheServerHadGotIsNotSentAgain) {
  std::size_t before = 0;
  {
    FakeServer silent([&](FakePeer& peer, int) {  // takes three batches, and answers none
      for (int at = 0; at < 4; ++at) {
        const auto request = peer.read_request();
        const std::string answer = request ? service_.answer(*request) : std::string();
        if (at == 0) {
          peer.send(answer);
        }
      }
      peer.wait_for_end();
    });
    TestClient client(silent.port(), [&](Options& options) {
      with_outbox()(options);
      options.connect_timeout = 10ms;
      options.answer_timeout = 300ms;
      options.first_retry = options.longest_retry = 1h;
    });
    client.submit(1, 30);
    EXPECT_TRUE(client->flush());
    EXPECT_EQ(client->progress().bets_unknown, 30U);
    before = service_.documents().size();
  }
  EXPECT_EQ(before, 30U);
  FakeServer server(service_.serve());
  TestClient client(server.port(), with_outbox());
  EXPECT_EQ(client->progress().bets_unknown, 30U);
  EXPECT_FALSE(client->flush());
  EXPECT_THAT(client.outcomes(), ElementsAre("stored 1-10", "stored 11-20", "stored 21-30"));
  EXPECT_EQ(server.requests().size(), 1U) << "the Hello was enough";
  EXPECT_EQ(client->recovered().bets_durable, 30U);
  EXPECT_EQ(service_.documents(), documents(1, 30));
}

TEST_F(ClientOutboxTest, OlderOutboxTakesNothingHoweverOftenItIsRun) {
  FakeServer server(service_.serve());
  const auto file = directory_ / "outbox";
  const auto older = directory_ / "older";
  {
    TestClient client(server.port(), with_outbox());
    client.submit(1, 20);
    EXPECT_FALSE(client->flush());
  }
  std::filesystem::copy_file(file, older);
  {
    TestClient client(server.port(), with_outbox());
    go_on(client, 40);
    EXPECT_FALSE(client->flush());
  }
  std::filesystem::copy_file(older, file, std::filesystem::copy_options::overwrite_existing);
  for (int run = 0; run < 3; ++run) {
    TestClient client(server.port(), with_outbox());
    EXPECT_EQ(client->recovered().bets_taken, 20U);
    const auto failure = client->submit_all(bets(21, 60)).failure;
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->kind, FailureKind::kRefused);
    EXPECT_THAT(failure->message, HasSubstr("old copy"));
    EXPECT_TRUE(client->flush());
  }
  EXPECT_EQ(service_.documents(), documents(1, 40));
}

TEST_F(ClientOutboxTest, ProgramThatEndsAnywhereStoresEachBetOnce) {
  constexpr std::uint32_t kBets = 120;
  FakeServer server([this](FakePeer& peer, int number) {
    for (int at = 0; at < 3 + number % 5; ++at) {
      const auto request = peer.read_request();
      if (!request) {
        return;
      }
      const std::string answer = service_.answer(*request);
      if (number % 3 == 0 && at > 1) {
        return;  // and what it has stored is not told
      }
      peer.send(answer);
    }
  });
  for (int run = 0; run < 40; ++run) {
    TestClient client(server.port(), with_outbox());
    const auto taken = static_cast<std::uint32_t>(client->recovered().bets_taken);
    const auto submitted =
        client->submit_all(bets(taken + 1, std::min<std::uint32_t>(taken + 17, kBets)));
    EXPECT_LE(submitted.taken, 17U);
  }
  TestClient client(server.port(), with_outbox());
  const auto taken = static_cast<std::uint32_t>(client->recovered().bets_taken);
  EXPECT_FALSE(client->submit_all(bets(taken + 1, kBets)).failure);
  int failures = 0;
  while (client->finish() && failures < 50) {
    ++failures;
  }
  EXPECT_EQ(service_.documents(), documents(1, kBets));
  EXPECT_EQ(service_.finishes().back(), kBets);
}

TEST_F(ClientOutboxTest, FinishedRunsAreToldApartFromTheNewOne) {
  FakeServer server(service_.serve());
  {
    TestClient client(server.port(), with_outbox());
    client.submit(1, 20);
    EXPECT_FALSE(client->flush());
  }
  TestClient client(server.port(), with_outbox());
  client.submit(21, 30);
  EXPECT_FALSE(client->flush());
  EXPECT_EQ(client->progress().bets_submitted, 30U);
  EXPECT_EQ(client->progress().bets_recovered, 20U);
  EXPECT_EQ(client->progress().bets_stored, 10U);
  EXPECT_EQ(client->recovered().bets_durable, 20U);
  EXPECT_THAT(client.outcomes(), ElementsAre("stored 21-30"));
}

TEST_F(ClientOutboxTest, ServerOfVersion1IsAFailureThatSaysWhy) {
  FakeServer server([](FakePeer& peer, int) { peer.read_request(); });
  TestClient client(server.port(), with_outbox());
  client.submit(1, 10);
  const auto failure = client->flush();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kDisconnected);
  EXPECT_THAT(failure->message, HasSubstr("a server of version 1 alone does that"));
}

TEST_F(ClientOutboxTest, OutboxThatCannotBeOpenedFailsEveryCall) {
  TestClient client(9, [this](Options& options) {
    with_outbox()(options);
    options.outbox->path = directory_ / "missing/outbox";
  });
  const auto failure = client->submit(bet(1));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kOutbox);
  EXPECT_EQ(failure->stage, Stage::kLocal);
  EXPECT_THAT(failure->message, HasSubstr("missing/outbox"));
  EXPECT_EQ(client->flush()->kind, FailureKind::kOutbox);
  EXPECT_EQ(client->finish()->kind, FailureKind::kOutbox);
  EXPECT_EQ(std::get<1>(client->ask_winners()).kind, FailureKind::kOutbox);
  EXPECT_EQ(std::get<1>(client->wait_for_winners(1h)).kind, FailureKind::kOutbox);
}

TEST_F(ClientOutboxTest, TwoClientsCannotUseOne) {
  TestClient first(9, with_outbox());
  TestClient second(9, with_outbox());
  EXPECT_EQ(second->flush()->kind, FailureKind::kOutbox);
}

TEST_F(ClientOutboxTest, NeedsVersion2) {
  TestClient client(9, [this](Options& options) {
    with_outbox()(options);
    options.protocol = Protocol::kVersion1;
  });
  EXPECT_EQ(client->submit(bet(1))->message,
            "127.0.0.1:9: local: an outbox needs version 2 of the protocol");
}

}  // namespace
}  // namespace sorteo::client
