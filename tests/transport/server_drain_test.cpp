#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "core/version2_reply.hpp"
#include "tests/transport/server_fixture.hpp"
#include "transport/reply_encoding.hpp"

namespace sorteo {
namespace {

using namespace std::chrono_literals;
using test::echo;
using test::frame;
using test::RawClient;

std::string goodbye() {
  std::string bytes;
  encode_reply(bytes, v2::go_away_reply({1000, "the server is stopping"}));
  return bytes;
}

class ServerDrainTest : public test::ServerFixture {
 protected:
  ServerDrainTest() { options_.threads = 1; }

  std::future<bool> drain(std::chrono::milliseconds grace) {
    return std::async(std::launch::async, [this, grace] { return server_->drain(grace); });
  }

  // Returns when every session receives no more: `idle` has been connected for that.
  static void wait_for_drain(RawClient& idle) {
    EXPECT_EQ(idle.receive_all(), "");
    idle.close();
  }
};

TEST_F(ServerDrainTest, LogsEachResourceClosed) {
  auto client = connect();
  client.send(frame(kEcho, "x"));
  client.receive_packet();
  auto drained = drain(10s);
  EXPECT_EQ(client.receive_all(), "");
  client.close();
  EXPECT_TRUE(drained.get());
  std::vector<std::string> closed;
  for (const auto& line : log_.lines()) {
    if (line.level == LogLevel::kInfo && line.text.find("action: close_") == 0) {
      closed.push_back(line.text);
    }
  }
  EXPECT_EQ(closed, (std::vector<std::string>{
                        "action: close_listener | result: success | port: " +
                            std::to_string(server_->port()),
                        "action: close_sessions | result: success | cerradas: 1 | cortadas: 0",
                        "action: close_io_threads | result: success | hilos: 1"}));
}

TEST_F(ServerDrainTest, RequestsInFlightAreStillAnswered) {
  auto idle = connect();
  auto client = connect();
  client.send(frame(kHold, "a") + frame(kHold, "b"));
  ASSERT_TRUE(held_->wait_for(2));
  auto drained = drain(20s);
  wait_for_drain(idle);
  client.send(frame(kEcho, "too late"));
  held_->take().responder.send(ok_reply());
  held_->take().responder.send(ok_reply());
  EXPECT_EQ(client.receive_all(), echo("OK\n") + echo("OK\n"));
  EXPECT_FALSE(client.is_reset());
  client.close();
  EXPECT_TRUE(drained.get());
}

TEST_F(ServerDrainTest, PeerThatUnderstandsItIsToldGoodbye) {
  auto client = connect();
  client.send(frame(kHello, "hello"));
  EXPECT_EQ(client.receive_packet(), "hello");
  auto drained = drain(20s);
  EXPECT_EQ(client.receive_all(), goodbye());
  EXPECT_FALSE(client.is_reset());
  client.close();
  EXPECT_TRUE(drained.get());
}

TEST_F(ServerDrainTest, GoodbyeComesOnceAndBeforeWhatIsInFlight) {
  auto idle = connect();
  auto client = connect();
  client.send(frame(kHello, "hello") + frame(kHold, "a") + frame(kHold, "b"));
  ASSERT_TRUE(held_->wait_for(2));
  auto drained = drain(20s);
  wait_for_drain(idle);
  client.send(frame(kEcho, "too late"));
  held_->take().responder.send(ok_reply());
  held_->take().responder.send(ok_reply());
  EXPECT_EQ(client.receive_all(), echo("hello") + goodbye() + echo("OK\n") + echo("OK\n"));
  client.close();
  EXPECT_TRUE(drained.get());
}

TEST_F(ServerDrainTest, GoodbyeWaitsForTheAnswerThatAcceptsIt) {
  auto idle = connect();
  auto client = connect();
  client.send(frame(kHold, "a") + frame(kHello, "hello") + frame(kHold, "b"));
  ASSERT_TRUE(held_->wait_for(2));
  auto drained = drain(20s);
  wait_for_drain(idle);
  auto first = held_->take();
  auto second = held_->take();
  second.responder.send(ok_reply());
  first.responder.send(ok_reply());
  EXPECT_EQ(client.receive_all(), echo("OK\n") + echo("hello") + echo("OK\n") + goodbye());
  client.close();
  EXPECT_TRUE(drained.get());
}

// The frame that is being written when the server stops is not cut by the goodbye.
TEST_F(ServerDrainTest, GoodbyeFollowsAnAnswerThatIsBeingWritten) {
  constexpr std::size_t kBytes = 20'000'000;
  RawClient client;
  client.shrink_receive_buffer();
  client.connect(start().port());
  client.send(frame(kHello, "hello") + frame(kLarge, std::to_string(kBytes)));
  EXPECT_EQ(client.receive_packet(), "hello");
  ASSERT_EQ(client.receive(5).size(), 5U);
  auto idle = connect();
  auto drained = drain(20s);
  wait_for_drain(idle);
  EXPECT_EQ(client.receive_all(), std::string(kBytes, 'x') + goodbye());
  client.close();
  EXPECT_TRUE(drained.get());
}

TEST_F(ServerDrainTest, NobodyIsAcceptedAnyMore) {
  start();
  EXPECT_TRUE(server_->drain(1s));
  RawClient late;
  EXPECT_FALSE(late.try_connect(server_->port()));
}

TEST_F(ServerDrainTest, WhatIsNotAnsweredWithinTheGraceIsCut) {
  options_.threads = 2;
  auto client = connect();
  auto other = connect();
  client.send(frame(kHold, "never answered"));
  ASSERT_TRUE(held_->wait_for(1));
  EXPECT_FALSE(server_->drain(100ms));
  EXPECT_TRUE(log_.contains("cerradas: 2 | cortadas: 1"));
  EXPECT_EQ(client.receive_all(), "");
  EXPECT_EQ(other.receive_all(), "");
}

TEST_F(ServerDrainTest, AnswersNotReadWithinTheGraceAreCut) {
  RawClient client;
  client.shrink_receive_buffer();
  client.connect(start().port());
  client.send(frame(kLarge, "50000000"));
  ASSERT_EQ(client.receive(5).size(), 5U);
  EXPECT_FALSE(server_->drain(100ms));
  EXPECT_TRUE(log_.contains("cortadas: 1"));
}

TEST_F(ServerDrainTest, IdleConnectionsDoNotHoldItUp) {
  options_.limits.linger_timeout = 50ms;
  std::vector<RawClient> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(connect());
    clients.back().send(frame(kEcho, "x"));
    clients.back().receive_packet();
  }
  EXPECT_TRUE(server_->drain(20s));
  EXPECT_TRUE(log_.contains("cerradas: 50 | cortadas: 0"));
}

TEST_F(ServerDrainTest, SessionAtItsLimitStopsToo) {
  options_.limits.max_requests_in_flight = 1;
  auto idle = connect();
  auto client = connect();
  client.send(frame(kHold, "a") + frame(kHold, "b"));
  auto held = held_->take();
  auto drained = drain(20s);
  wait_for_drain(idle);
  held.responder.send(ok_reply());
  EXPECT_TRUE(client.receive_all().starts_with(echo("OK\n")));
  client.close();
  EXPECT_TRUE(drained.get());
}

TEST_F(ServerDrainTest, AgainDoesNothing) {
  start();
  EXPECT_TRUE(server_->drain(1s));
  EXPECT_TRUE(server_->drain(1s));
  EXPECT_EQ(count_log("close_listener"), 1U);
}

TEST_F(ServerDrainTest, WhileConnectionsArrive) {
  options_.threads = 2;
  for (int round = 0; round < 20; ++round) {
    const auto port = start().port();
    std::atomic<bool> is_over = false;
    std::thread arriving([&] {
      while (!is_over) {
        RawClient client;
        if (!client.try_connect(port)) {
          return;
        }
        client.send(frame(kEcho, "x"));
      }
    });
    std::this_thread::sleep_for(2ms);
    server_->drain(5s);
    is_over = true;
    arriving.join();
    server_.reset();
  }
}

}  // namespace
}  // namespace sorteo
