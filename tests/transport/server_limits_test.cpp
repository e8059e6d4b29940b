#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "tests/transport/server_fixture.hpp"

namespace sorteo {
namespace {

using namespace std::chrono_literals;
using test::echo;
using test::frame;
using test::RawClient;

class ServerLimitsTest : public test::ServerFixture {};

TEST_F(ServerLimitsTest, NoMoreRequestsInFlightThanTheLimitAndTheRestLater) {
  options_.limits.max_requests_in_flight = 4;
  auto client = connect();
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    requests += frame(kHold, std::to_string(i));
  }
  client.send(requests);
  ASSERT_TRUE(held_->wait_for(4));
  for (int i = 0; i < 50; ++i) {
    auto held = held_->take();
    EXPECT_EQ(held.payload, std::to_string(i));
    held.responder.send(ok_reply());
    EXPECT_EQ(client.receive_packet(), "OK\n");
  }
  EXPECT_EQ(held_->most(), 4U);
}

TEST_F(ServerLimitsTest, ReadingStopsAtTheRequestsInFlight) {
  options_.limits.max_requests_in_flight = 1;
  auto client = connect();
  client.send(frame(kHold, "x"));
  auto held = held_->take();
  // What the kernel takes for both sides, and no more, although the peer would send for ever.
  const std::string filler = frame(kEcho, std::string(60'000, 'f'));
  std::size_t sent = 0;
  std::size_t quiet = 0;
  while (quiet < 50 && sent < 64U << 20) {
    const std::size_t now = client.send_some(std::string_view(filler).substr(sent % filler.size()));
    sent += now;
    quiet = now == 0 ? quiet + 1 : 0;
    std::this_thread::sleep_for(now == 0 ? 2ms : 0ms);
  }
  EXPECT_LT(sent, 64U << 20);
  client.end_stream();
  held.responder.send(ok_reply());
  const std::string answers = client.receive_all();
  const std::string answer = echo(std::string(60'000, 'f'));
  EXPECT_EQ(answers.size(), 7 + sent / filler.size() * answer.size());
}

TEST_F(ServerLimitsTest, AnswersNotReadStopTheReading) {
  options_.limits.max_reply_bytes = 10'000;
  options_.limits.max_requests_in_flight = 1000;
  options_.threads = 1;
  RawClient client;
  client.shrink_receive_buffer();
  client.connect(start().port());
  for (int i = 0; i < 100; ++i) {
    client.send(frame(kLarge, "1000000"));
  }
  client.send(frame(kHold, "last"));
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(i > 80 || held_->most() == 0) << i;  // a few megabytes are in the kernel's buffers
    ASSERT_EQ(client.receive(5).size(), 5U);
    ASSERT_EQ(client.receive(1'000'000).size(), 1'000'000U);
  }
  held_->take().responder.send(ok_reply());
  EXPECT_EQ(client.receive_packet(), "OK\n");
}

TEST_F(ServerLimitsTest, PeerThatNeverReadsIsCutWhileOthersAreServed) {
  options_.limits.write_timeout = 200ms;
  options_.threads = 1;
  RawClient greedy;
  greedy.shrink_receive_buffer();
  greedy.connect(start().port());
  greedy.send(frame(kLarge, "50000000"));
  auto other = connect();
  while (!log_.contains("error: the peer does not read its answers | timeout_ms: 200")) {
    other.send(frame(kEcho, "served"));
    ASSERT_EQ(other.receive_packet(), "served");
  }
  EXPECT_LT(greedy.receive_all().size(), 50'000'000U);
}

TEST_F(ServerLimitsTest, PeerThatReadsSlowlyIsNotCut) {
  options_.limits.write_timeout = 2s;  // less than all of it takes, far more than one pause
  RawClient slow;
  slow.shrink_receive_buffer();
  slow.connect(start().port());
  slow.send(frame(kLarge, "8000000"));
  std::size_t got = 0;
  while (got < 8'000'005) {
    const auto bytes = slow.receive(std::min<std::size_t>(200'000, 8'000'005 - got));
    ASSERT_FALSE(bytes.empty());
    got += bytes.size();
    std::this_thread::sleep_for(60ms);
  }
  EXPECT_FALSE(log_.contains("does not read"));
}

TEST_F(ServerLimitsTest, SlowFrameIsCutAfterEarlierAnswers) {
  options_.limits.frame_timeout = 200ms;
  auto client = connect();
  client.send(frame(kEcho, "whole") + frame(kEcho, "never whole").substr(0, 7));
  EXPECT_EQ(client.receive_all(), echo("whole"));
  EXPECT_TRUE(
      wait_for_log("the rest of a frame did not come in time | timeout_ms: 200 | pending: 7"));
}

TEST_F(ServerLimitsTest, FrameThatDripsIsCutToo) {
  options_.limits.frame_timeout = 200ms;
  auto client = connect();
  client.send(frame(kEcho, std::string(1000, 'x')).substr(0, 5));
  for (int i = 0; i < 900 && !log_.contains("did not come in time"); ++i) {
    client.send("x");
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_TRUE(log_.contains("did not come in time"));
}

TEST_F(ServerLimitsTest, TimeSpentWaitingForAHandlerIsNotTheFrames) {
  options_.limits.frame_timeout = 2s;
  options_.limits.max_requests_in_flight = 1;
  auto client = connect();
  const std::string first = frame(kHold, "slow handler");
  const std::string last = frame(kEcho, "last");
  client.send(first.substr(0, 7));
  std::this_thread::sleep_for(50ms);  // so that it is received in two pieces
  client.send(first.substr(7) + last.substr(0, 7));
  auto held = held_->take();
  std::this_thread::sleep_for(2500ms);
  held.responder.send(ok_reply());
  EXPECT_EQ(client.receive_packet(), "OK\n");
  std::this_thread::sleep_for(600ms);  // long enough for the timeouts to be looked at
  client.send(last.substr(7));
  EXPECT_EQ(client.receive_packet(), "last");
}

TEST_F(ServerLimitsTest, IdleConnectionIsClosed) {
  options_.limits.idle_timeout = 100ms;
  auto client = connect();
  client.send(frame(kEcho, "busy"));
  EXPECT_EQ(client.receive_all(), echo("busy"));
  EXPECT_FALSE(client.is_reset());
  EXPECT_TRUE(wait_for_log("error: no request came in time | timeout_ms: 100"));
}

TEST_F(ServerLimitsTest, ConnectionThatWaitsForAnAnswerIsNotIdle) {
  options_.limits.idle_timeout = 100ms;
  auto client = connect();
  client.send(frame(kHold, "slow"));
  auto held = held_->take();
  std::this_thread::sleep_for(400ms);
  held.responder.send(ok_reply());
  EXPECT_EQ(client.receive_packet(), "OK\n");
}

TEST_F(ServerLimitsTest, ConnectionGoesOnAfterARest) {
  auto client = connect();
  for (int i = 0; i < 2; ++i) {
    client.send(frame(kEcho, std::string(100'000, 'x')));
    ASSERT_EQ(client.receive_packet().size(), 100'000U);
    std::this_thread::sleep_for(1500ms);
  }
  client.send(frame(kEcho, "rested"));
  EXPECT_EQ(client.receive_packet(), "rested");
}

TEST_F(ServerLimitsTest, PeerThatStaysAfterTheEndIsClosed) {
  options_.limits.linger_timeout = 100ms;
  auto client = connect();
  client.send(frame(kNobody, ""));
  EXPECT_EQ(client.receive_all(), "");
  EXPECT_TRUE(wait_for_log("action: close_session"));
}

// Fills the process with descriptors until there are no more.
class DescriptorHog final {
 public:
  DescriptorHog() {
    getrlimit(RLIMIT_NOFILE, &before_);
    for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) {
      held_.push_back(fd);
      if (held_.size() == 1) {
        const rlimit few{static_cast<rlim_t>(fd) + 20, before_.rlim_max};
        setrlimit(RLIMIT_NOFILE, &few);
      }
    }
  }
  ~DescriptorHog() {
    for (const int fd : held_) {
      ::close(fd);
    }
    setrlimit(RLIMIT_NOFILE, &before_);
  }
  DescriptorHog(const DescriptorHog&) = delete;
  DescriptorHog& operator=(const DescriptorHog&) = delete;

 private:
  rlimit before_{};
  std::vector<int> held_;
};

TEST_F(ServerLimitsTest, AcceptingGoesOnAfterTheDescriptorsRanOut) {
  auto before = connect();
  before.send(frame(kEcho, "before"));
  ASSERT_EQ(before.receive_packet(), "before");
  RawClient client;
  {
    const DescriptorHog hog;
    client.connect(server_->port());
    client.send(frame(kEcho, "patience"));
    ASSERT_TRUE(wait_for_log("action: accept_connection | result: fail | error: Too many open"));
    std::this_thread::sleep_for(350ms);
    before.send(frame(kEcho, "served throughout"));
    EXPECT_EQ(before.receive_packet(), "served throughout");
  }
  EXPECT_EQ(client.receive_packet(), "patience");
  EXPECT_EQ(count_log("action: accept_connection | result: fail"), 1U);
  EXPECT_TRUE(wait_for_log("action: accept_connection | result: success | failures: "));
}

}  // namespace
}  // namespace sorteo
