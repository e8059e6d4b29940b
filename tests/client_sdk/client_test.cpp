#include "client_sdk/client.hpp"

#include <gtest/gtest.h>

#include <list>
#include <ranges>
#include <string>
#include <vector>

// What the client does before it touches the network.
namespace sorteo::client {
namespace {

const Bet kBet{"Ana", "Paz", "30904465", "1999-03-17", "7574"};

Client unconnected() {
  Options options;
  options.host = "127.0.0.1";
  options.port = 9;
  return Client(options);
}

Bet with_document(std::string document) {
  Bet bet = kBet;
  bet.document = std::move(document);
  return bet;
}

TEST(ClientTest, BetThatBreaksARuleIsNotTaken) {
  Client client = unconnected();
  EXPECT_FALSE(client.submit(kBet));
  const auto failure = client.submit(with_document("12a"));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kInvalidBet);
  EXPECT_EQ(failure->stage, Stage::kLocal);
  EXPECT_EQ(failure->message,
            "127.0.0.1:9: local: bet 2: document \"12a\" is not a decimal number");
  EXPECT_EQ(client.progress().bets_submitted, 1U);
}

TEST(ClientTest, FieldTooLongForTheWireIsNotTaken) {
  Client client = unconnected();
  EXPECT_FALSE(client.submit(with_document(std::string(65535, '0'))));
  const auto failure = client.submit(with_document(std::string(65536, '0')));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kInvalidBet);
}

TEST(ClientTest, RangesOfBetsAndOfViewsAreTaken) {
  Client client = unconnected();
  const std::vector<Bet> bets(3, kBet);
  const std::list<BetView> views(4, kBet.view());
  EXPECT_EQ(client.submit_all(bets).taken, 3U);
  EXPECT_EQ(client.submit_all(views).taken, 4U);
  EXPECT_EQ(client
                .submit_all(std::views::iota(0, 5) | std::views::transform([](int document) {
                              return with_document(std::to_string(document));
                            }))
                .taken,
            5U);
  EXPECT_EQ(client.progress().bets_submitted, 12U);
}

TEST(ClientTest, RangeStopsAtTheFirstFailureAndSaysHowFar) {
  Client client = unconnected();
  const std::vector bets{kBet, kBet, with_document(""), kBet};
  const Submitted submitted = client.submit_all(bets);
  EXPECT_EQ(submitted.taken, 2U);
  ASSERT_TRUE(submitted.failure);
  EXPECT_EQ(submitted.failure->message, "127.0.0.1:9: local: bet 3: document is empty");
  EXPECT_EQ(client.progress().bets_submitted, 2U);
}

// All of these lie in one place, one after the other.
TEST(ClientTest, BetsOfARangeThatReusesItsMemoryAreEachLookedAtInTime) {
  Client client = unconnected();
  const std::vector<std::string> documents{"1", "2", ""};
  Bet row;
  const auto read = [&row](const std::string& document) -> const Bet& {
    return row = with_document(document);
  };
  EXPECT_EQ(client.submit_all(documents | std::views::transform(read)).taken, 2U);
  EXPECT_EQ(client.progress().bets_submitted, 2U);
}

TEST(ClientTest, WhatBecomesABetOnTheWayIsTaken) {
  struct Row {
    std::string document;
    operator Bet() const { return with_document(document); }
  };
  Client client = unconnected();
  const std::vector<Row> rows{{"1"}, {"2"}, {""}};
  EXPECT_EQ(client.submit_all(rows).taken, 2U);
  EXPECT_EQ(client.progress().bets_submitted, 2U);
}

TEST(ClientTest, FlushOfNothingTouchesNoNetwork) {
  Client client = unconnected();
  EXPECT_FALSE(client.flush());
}

TEST(ClientTest, PeerOfVersion6IsNamedInBrackets) {
  Options options;
  options.host = "::1";
  options.port = 9;
  Client client(options);
  EXPECT_EQ(client.submit(with_document(""))->message, "[::1]:9: local: bet 1: document is empty");
}

}  // namespace
}  // namespace sorteo::client
