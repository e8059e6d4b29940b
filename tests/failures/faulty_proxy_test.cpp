// The proxy itself: what its plans say is what happens to a connection.

#include "tests/support/faulty_proxy.hpp"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/process.hpp"
#include "tests/transport/raw_client.hpp"

namespace sorteo::test {
namespace {

constexpr std::string_view kQuestion = "how are you?";
constexpr std::string_view kAnswer = "very well, thank you";

std::string request() {
  std::string bytes;
  append_u8(bytes, 1);
  append_u32(bytes, static_cast<std::uint32_t>(kQuestion.size()));
  return bytes.append(kQuestion);
}

// Answers each request with kAnswer until the client goes.
FakeServer::Script polite_server() {
  return [](FakePeer& peer, int) {
    while (peer.read_request()) {
      peer.send(kAnswer);
    }
  };
}

FaultyProxy::Planner always(const ProxyPlan& plan) {
  return [plan](std::uint64_t) { return plan; };
}

class FaultyProxyTest : public ::testing::Test {
 protected:
  void start(const ProxyPlan& plan) {
    proxy_ = std::make_unique<FaultyProxy>(server_.port(), always(plan));
  }

  ProxyCounts counts_at_the_end() const {
    EXPECT_TRUE(proxy_->wait_until_idle(Process::kPatience));
    return proxy_->counts();
  }

  FakeServer server_{polite_server()};
  std::unique_ptr<FaultyProxy> proxy_;
};

TEST_F(FaultyProxyTest, WhatItLeavesAloneArrives) {
  start({});
  RawClient client(proxy_->port());
  client.send(request() + request());
  client.end_stream();
  EXPECT_EQ(client.receive_all(), std::string(kAnswer) + std::string(kAnswer));
  EXPECT_FALSE(client.is_reset());
  EXPECT_EQ(counts_at_the_end(), (ProxyCounts{.connections = 1}));
}

TEST_F(FaultyProxyTest, SmallPiecesAndPausesChangeNoByte) {
  start({.piece = 1, .pause = std::chrono::milliseconds(1)});
  RawClient client(proxy_->port());
  client.send(request());
  EXPECT_EQ(client.receive(kAnswer.size()), kAnswer);
  EXPECT_EQ(server_.requests().at(0).payload, kQuestion);
}

TEST_F(FaultyProxyTest, AnEndComesBehindTheBytesThatThePlanLetsPass) {
  start({.act = ProxyAct::kEnd, .way = ProxyWay::kToClient, .after = 4});
  RawClient client(proxy_->port());
  client.send(request());
  EXPECT_EQ(client.receive_all(), "very");
  EXPECT_FALSE(client.is_reset());
  client.close();
  EXPECT_EQ(counts_at_the_end(), (ProxyCounts{.connections = 1, .ended = 1}));
}

TEST_F(FaultyProxyTest, AnEndInTheMiddleOfARequestHidesItsRest) {
  start({.act = ProxyAct::kEnd, .way = ProxyWay::kToServer, .after = 7});
  RawClient client(proxy_->port());
  client.send(request());
  EXPECT_EQ(client.receive_all(), "");
  client.close();
  EXPECT_EQ(counts_at_the_end().ended, 1U);
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(FaultyProxyTest, AResetIsOne) {
  start({.act = ProxyAct::kReset, .way = ProxyWay::kToClient, .after = 4});
  RawClient client(proxy_->port());
  client.send(request());
  const std::string got = client.receive_all();
  EXPECT_TRUE(client.is_reset());
  EXPECT_TRUE(std::string_view("very").starts_with(got)) << got;
  EXPECT_EQ(counts_at_the_end(), (ProxyCounts{.connections = 1, .reset = 1}));
}

TEST_F(FaultyProxyTest, SwallowedAnswersNeverCome) {
  std::promise<void> all_sent;
  FakeServer server([&](FakePeer& peer, int) {
    while (peer.read_request()) {
      peer.send(kAnswer);
    }
    all_sent.set_value();
  });
  FaultyProxy proxy(server.port(), always({.act = ProxyAct::kSwallow, .after = 4}));
  RawClient client(proxy.port());
  client.send(request());
  EXPECT_EQ(client.receive(4), "very");
  client.send(request());
  client.end_stream();
  EXPECT_EQ(client.receive_all(), "");
  EXPECT_TRUE(proxy.wait_until_idle(Process::kPatience));
  EXPECT_EQ(proxy.counts(), (ProxyCounts{.connections = 1, .swallowed = 1}));
  EXPECT_EQ(all_sent.get_future().wait_for(Process::kPatience), std::future_status::ready);
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(FaultyProxyTest, AServerThatIsAwayIsAReset) {
  const ClosedPort nobody;
  FaultyProxy proxy(nobody.port(), always({}));
  RawClient client(proxy.port());
  EXPECT_EQ(client.receive_all(), "");
  EXPECT_TRUE(client.is_reset());
}

}  // namespace
}  // namespace sorteo::test
