#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <ranges>
#include <span>

#include "tests/client_sdk/test_client.hpp"
#include "tests/support/fake_version2.hpp"

// Ranges of bets, which are checked and sent together.
namespace sorteo::client {
namespace {

using test::FakePeer;
using test::FakeServer;
using test::FakeVersion2;
using testing::HasSubstr;

void speak_version2(Options& options) { options.protocol = Protocol::kVersion2; }

void small_window(Options& options) {
  options.protocol = Protocol::kVersion2;
  options.window = 8;
}

std::vector<BetView> views(const std::vector<Bet>& bets) {
  std::vector<BetView> result;
  for (const Bet& bet : bets) {
    result.push_back(bet.view());
  }
  return result;
}

TEST(ClientRangeTest, BetsOfALongRangeAreStoredInOrder) {
  FakeVersion2 service;
  FakeServer server(service.serve());
  TestClient client(server.port(), small_window);
  client.submit(1, 2005);
  EXPECT_EQ(client->progress().bets_submitted, 2005U);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(service.documents(), documents(1, 2005));
  EXPECT_EQ(client->progress().bets_stored, 2005U);
}

TEST(ClientRangeTest, FullBatchesAreSentBeforeItReturns) {
  FakeVersion2 service;
  std::latch read(4);
  FakeServer server([&](FakePeer& peer, int) {
    while (const auto request = peer.read_request()) {
      peer.send(service.answer(*request));
      read.count_down();
      if (read.try_wait()) {
        peer.wait_for_end();
      }
    }
  });
  TestClient client(server.port(), speak_version2);
  client.submit(1, 10);
  EXPECT_FALSE(client->flush());  // the Hello and a batch
  client.submit(11, 35);
  read.wait();
  EXPECT_EQ(service.documents(), documents(1, 30));
}

TEST(ClientRangeTest, StopsAtABadBetAndGoesOnBehindIt) {
  FakeVersion2 service;
  FakeServer server(service.serve());
  TestClient client(server.port(), speak_version2);
  std::vector<Bet> all = bets(1, 50);
  all[12].number = "-1";
  const Submitted stopped = client->submit_all(all);
  EXPECT_EQ(stopped.taken, 12U);
  ASSERT_TRUE(stopped.failure);
  EXPECT_EQ(stopped.failure->kind, FailureKind::kInvalidBet);
  EXPECT_THAT(stopped.failure->message, HasSubstr("bet 13: number \"-1\""));
  const Submitted rest = client->submit_all(std::span(all).subspan(13));
  EXPECT_EQ(rest.taken, 37U);
  EXPECT_FALSE(client->finish());
  auto expected = documents(1, 50);
  expected.erase(expected.begin() + 12);
  EXPECT_EQ(service.documents(), expected);
}

TEST(ClientRangeTest, TakesViews) {
  FakeVersion2 service;
  FakeServer server(service.serve());
  TestClient client(server.port(), speak_version2);
  const std::vector<Bet> all = bets(1, 333);
  const std::vector<BetView> seen = views(all);
  EXPECT_EQ(client->submit_all(std::span<const BetView>(seen)).taken, 333U);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(service.documents(), documents(1, 333));
}

// Each is gone when the next one is made.
TEST(ClientRangeTest, TakesBetsThatAreMadeOnTheWay) {
  FakeVersion2 service;
  FakeServer server(service.serve());
  TestClient client(server.port(), speak_version2);
  const auto made = std::views::iota(1U, 334U) |
                    std::views::transform([](std::uint32_t document) { return bet(document); });
  EXPECT_EQ(client->submit_all(made).taken, 333U);
  EXPECT_FALSE(client->finish());
  EXPECT_EQ(service.documents(), documents(1, 333));
}

TEST(ClientRangeTest, EmptyRangeIsTaken) {
  FakeVersion2 service;
  FakeServer server(service.serve());
  TestClient client(server.port(), speak_version2);
  const Submitted submitted = client->submit_all(std::vector<Bet>());
  EXPECT_EQ(submitted.taken, 0U);
  EXPECT_FALSE(submitted.failure);
}

}  // namespace
}  // namespace sorteo::client
