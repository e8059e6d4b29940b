#include "apps/cli/bench/wire_load.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "apps/cli/bench/bet_list.hpp"

namespace sorteo::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// The load of one connection whose other end never answers.
class WireLoadTest : public testing::Test {
 protected:
  WireLoadTest() {
    bets_.add_generated(1, 1, 10);
    batches_ = std::make_unique<ReadyBatches>(bets_.bets(), 10);
    how_.agency = 1;
    how_.window = 2;
    how_.batch_bets = 10;
  }
  ~WireLoadTest() override {
    if (peer_ >= 0) {
      ::close(peer_);
    }
  }

  std::unique_ptr<WireLoad> load(std::chrono::milliseconds timeout) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    peer_ = ends[1];
    std::vector<WireConnection> connections;
    connections.emplace_back(ends[0], how_, *batches_);
    return std::make_unique<WireLoad>(std::move(connections), WireLoadOptions{timeout});
  }

  BetList bets_;
  std::unique_ptr<ReadyBatches> batches_;
  WireConnectionOptions how_;
  int peer_ = -1;
};

TEST_F(WireLoadTest, SilentServerIsGivenUp) {
  const auto load = this->load(1ms);
  RunControl control(0s, 1h);
  load->run(control);
  ASSERT_TRUE(load->result().failure);
  EXPECT_EQ(load->result().failure->code, ExitCode::kOutcomeUnknown);
  EXPECT_THAT(load->result().failure->message, HasSubstr("no answer for 1 ms"));
  EXPECT_EQ(load->result().begun_bets, 20U);
  EXPECT_EQ(load->result().acknowledged, (std::map<std::uint32_t, std::uint64_t>{{1, 0}}));
  EXPECT_TRUE(control.is_over(control.now())) << "the other threads are to stop as well";
}

TEST_F(WireLoadTest, ServerThatClosesEndsTheRun) {
  const auto load = this->load(1h);
  ::close(std::exchange(peer_, -1));
  RunControl control(0s, 1h);
  load->run(control);
  ASSERT_TRUE(load->result().failure);
  EXPECT_EQ(load->result().failure->code, ExitCode::kOutcomeUnknown);
}

TEST_F(WireLoadTest, NothingIsSentWhenTheTimeIsUp) {
  const auto load = this->load(1h);
  RunControl control(0s, 0s);
  load->run(control);
  EXPECT_EQ(load->result().begun_bets, 0U);
  EXPECT_EQ(load->result().failure, std::nullopt);
}

TEST_F(WireLoadTest, WhatWasDueAndNeverSentIsTold) {
  const Schedule schedule(1e6, 1);
  how_.schedule = &schedule;
  const auto load = this->load(1ms);
  RunControl control(0s, 1h);
  load->run(control);
  EXPECT_EQ(load->result().begun_bets, 20U);
  EXPECT_GT(load->result().unsent, 0U);
  EXPECT_EQ(load->result().latencies.count(), load->result().unsent);
}

// The run may be over before the load looks at the clock for the first time.
TEST_F(WireLoadTest, AllThatWasDueIsToldHoweverLateTheLoadIs) {
  const Schedule schedule(1e9, 1);
  how_.schedule = &schedule;
  const auto load = this->load(1ms);
  RunControl control(0s, 1us);
  load->run(control);
  EXPECT_EQ(load->result().begun_bets / 10 + load->result().unsent, 1000U);
}

}  // namespace
}  // namespace sorteo::cli
