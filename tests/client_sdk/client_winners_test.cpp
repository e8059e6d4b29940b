#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/message.hpp"
#include "tests/client_sdk/test_client.hpp"
#include "tests/support/fake_server.hpp"

namespace sorteo::client {
namespace {

using namespace std::chrono_literals;
using test::FakePeer;
using test::FakeServer;
using testing::ElementsAre;

// Answers the nth request with the nth of `answers`, and every later one with the last.
FakeServer::Script answers_in_turn(std::vector<std::string> answers) {
  return [answers, at = std::size_t{0}](FakePeer& peer, int) mutable {
    while (peer.read_request()) {
      peer.send(answers[std::min(at, answers.size() - 1)]);
      ++at;
    }
  };
}

Failure failure_of(std::variant<Winners, Failure> result) {
  const auto* const failure = std::get_if<Failure>(&result);
  EXPECT_NE(failure, nullptr);
  return failure != nullptr ? *failure : Failure();
}

TEST(ClientWinnersTest, AreAskedForUntilTheDrawIsHeld) {
  FakeServer server(answers_in_turn(
      {test::wait_answer(), test::wait_answer(), test::winners_answer({30904465, 24807259})}));
  TestClient client(server.port());
  EXPECT_THAT(std::get<Winners>(client->wait_for_winners(1min)), ElementsAre(30904465, 24807259));
  EXPECT_EQ(server.requests().size(), 3U);
  EXPECT_EQ(server.connections(), 1);
}

TEST(ClientWinnersTest, MayBeNone) {
  FakeServer server(answers_in_turn({test::winners_answer({})}));
  TestClient client(server.port());
  EXPECT_TRUE(std::get<Winners>(client->wait_for_winners(1min)).empty());
}

TEST(ClientWinnersTest, MayBeMany) {
  std::vector<std::uint32_t> many(1'000'000);
  for (std::size_t at = 0; at < many.size(); ++at) {
    many[at] = static_cast<std::uint32_t>(at);
  }
  FakeServer server(answers_in_turn({test::winners_answer(many)}));
  TestClient client(server.port());
  EXPECT_EQ(std::get<Winners>(client->wait_for_winners(1min)), many);
}

TEST(ClientWinnersTest, AskingOnceSaysWhenTheDrawHasNotBeenHeld) {
  FakeServer server(answers_in_turn({test::wait_answer(), test::winners_answer({7})}));
  TestClient client(server.port());
  EXPECT_EQ(std::get<0>(client->ask_winners()), std::nullopt);
  EXPECT_THAT(*std::get<0>(client->ask_winners()), ElementsAre(7));
}

TEST(ClientWinnersTest, PatienceHasAnEnd) {
  FakeServer server(test::persistent_server());
  TestClient client(server.port());
  const Failure failure = failure_of(client->wait_for_winners(1s));
  EXPECT_EQ(failure.kind, FailureKind::kTimedOut);
  EXPECT_EQ(failure.message, "127.0.0.1:" + std::to_string(server.port()) +
                                 ": answer: the draw has not been held within 1000 ms");
  EXPECT_GT(server.requests().size(), 1U);
}

TEST(ClientWinnersTest, PatienceEndsAlsoWithASilentServer) {
  FakeServer server([](FakePeer& peer, int) {
    peer.read_request();
    peer.wait_for_end();
  });
  TestClient client(server.port());
  EXPECT_EQ(failure_of(client->wait_for_winners(100ms)).kind, FailureKind::kTimedOut);
}

TEST(ClientWinnersTest, BetsAreSentBeforeTheQuestion) {
  FakeServer server(answers_in_turn({test::ok_answer(), test::winners_answer({})}));
  TestClient client(server.port());
  client.submit(1, 5);
  EXPECT_TRUE(std::get<Winners>(client->wait_for_winners(1min)).empty());
  EXPECT_EQ(server.documents(), documents(1, 5));
  EXPECT_EQ(server.requests().back().type, static_cast<std::uint8_t>(MessageType::kConsulta));
}

TEST(ClientWinnersTest, ServerThatGoesAwayForAWhileIsAskedAgain) {
  FakeServer server([](FakePeer& peer, int number) {
    if (number == 1) {
      peer.read_request();
      peer.send(test::wait_answer());
    } else if (number == 4) {
      peer.read_request();
      peer.send(test::winners_answer({7}));
    }  // and in between it closes at once
  });
  TestClient client(server.port());
  EXPECT_THAT(std::get<Winners>(client->wait_for_winners(1min)), ElementsAre(7));
}

TEST(ClientWinnersTest, ServerThatNeverAnsweredIsAFailureAtOnce) {
  const test::ClosedPort closed;
  TestClient client(closed.port());
  const Failure failure = failure_of(client->wait_for_winners(std::chrono::hours(24)));
  EXPECT_EQ(failure.kind, FailureKind::kDisconnected);
  EXPECT_EQ(failure.stage, Stage::kConnect);
}

TEST(ClientWinnersTest, RefusedQuestionIsAFailureWithTheReason) {
  FakeServer server(answers_in_turn({test::error_answer("not today")}));
  TestClient client(server.port());
  const Failure failure = failure_of(client->wait_for_winners(1min));
  EXPECT_EQ(failure.kind, FailureKind::kRefused);
  EXPECT_EQ(failure.message, "127.0.0.1:" + std::to_string(server.port()) +
                                 ": answer: the server refused the question for the winners: "
                                 "not today");
}

TEST(ClientWinnersTest, OkIsNoAnswerToTheQuestion) {
  FakeServer server(answers_in_turn({test::ok_answer()}));
  TestClient client(server.port());
  const Failure failure = failure_of(client->wait_for_winners(1min));
  EXPECT_EQ(failure.kind, FailureKind::kBadAnswer);
}

TEST(ClientWinnersTest, GarbageIsABadAnswer) {
  FakeServer server(answers_in_turn({"\xff\xff\xff\xff\xff\xff"}));
  TestClient client(server.port());
  const Failure failure = failure_of(client->wait_for_winners(1min));
  EXPECT_EQ(failure.kind, FailureKind::kBadAnswer);
  EXPECT_EQ(failure.stage, Stage::kAnswer);
}

}  // namespace
}  // namespace sorteo::client
