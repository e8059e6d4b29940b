// The SDK and the real server, with a network between them that ends, resets, delays, splits and
// swallows what they say, at any byte.

#include "tests/failures/lying_network.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <vector>

#include "tests/failures/attack_size.hpp"
#include "tests/failures/honest_sender.hpp"
#include "tests/failures/load.hpp"
#include "tests/failures/mortal_server.hpp"

namespace sorteo::test {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kSenders = 4;
constexpr milliseconds kPatience{600'000};

client::Options options_through(const FaultyProxy& proxy, std::uint32_t sender,
                                client::Protocol protocol) {
  client::Options how;
  how.host = "127.0.0.1";
  how.port = proxy.port();
  how.agency = sender;
  how.protocol = protocol;
  if (sender % 2 == 0) {
    how.alternates = {{how.host, how.port}};  // a second way, no better than the first
  }
  how.max_batch_bets = 4 * sender;
  how.window = 4 + sender;
  how.answer_timeout = milliseconds(150);  // what a swallowed answer costs
  how.hello_timeout = milliseconds(150);
  how.first_retry = milliseconds(1);
  how.longest_retry = milliseconds(10);
  return how;
}

// Every kind of failure must have come.
void expect_a_bad_day(const ProxyCounts& counts) {
  EXPECT_GT(counts.ended, 0U);
  EXPECT_GT(counts.reset, 0U);
  EXPECT_GT(counts.swallowed, 0U);
  std::cout << "connections ended: " << counts.ended << ", reset: " << counts.reset
            << ", swallowed: " << counts.swallowed << std::endl;
}

class LyingNetworkTest : public ::testing::Test {
 protected:
  // Waits until so many connections have been made, or the test has failed.
  void wait_for(std::uint64_t connections) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    const auto enough = [=](const ProxyCounts& counts) {
      return counts.connections >= connections;
    };
    while (!proxy_.wait_until(enough, std::chrono::seconds(1)) && !HasFailure()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline)
          << proxy_.counts().connections << " of " << connections << " connections";
    }
  }

  // Ends the day: nothing is under way any more, and the server has written all it will.
  NumberedBets close() {
    EXPECT_TRUE(proxy_.wait_until_idle(kPatience));
    server_.stop();
    return bets_stored_in(server_.store());
  }

  const std::uint64_t seed_ = attack_seed();
  MortalServer server_{kSenders};
  const bool started_ = (server_.start_and_wait(), true);
  FaultyProxy proxy_{server_.port(),
                     [this](std::uint64_t number) { return lying_plan(seed_, number); }};
};

TEST_F(LyingNetworkTest, InVersionTwoEveryBetIsStoredOnceAndNoneIsLost) {
  const std::uint64_t connections = attack_size("SORTEO_CONNECTIONS", 500, 10'000);
  {
    Load load(
        kSenders,
        [this](std::uint32_t sender) {
          return options_through(proxy_, sender, client::Protocol::kVersion2);
        },
        kPatience);
    load.start();
    wait_for(connections);
    load.conclude();
    load.wait_for_the_end();
    server_.stop();
    load.expect_all_in(bets_stored_in(server_.store()));
    const LoadCounts counts = load.counts();
    std::cout << "bets: " << counts.bets << ", that came again: " << counts.duplicates
              << ", calls made again: " << counts.failed_calls << std::endl;
  }
  say_done("connections in version two", proxy_.counts().connections);
  expect_a_bad_day(proxy_.counts());
}

// A client that cannot say who it is, or may be led to believe that the server cannot, sends
// nothing twice, and says so of what it does not know.
class EitherVersionTest : public LyingNetworkTest,
                          public ::testing::WithParamInterface<client::Protocol> {};

INSTANTIATE_TEST_SUITE_P(Protocols, EitherVersionTest,
                         ::testing::Values(client::Protocol::kVersion1, client::Protocol::kAuto),
                         [](const auto& protocol) {
                           return protocol.param == client::Protocol::kAuto ? "Auto" : "Version1";
                         });

TEST_P(EitherVersionTest, NothingIsStoredTwiceAndWhatIsUnknownIsCalledSo) {
  const std::uint64_t connections = attack_size("SORTEO_PLAIN_CONNECTIONS", 200, 2'000);
  std::vector<std::unique_ptr<HonestSender>> senders;
  for (std::uint32_t sender = 1; sender <= kSenders; ++sender) {
    senders.push_back(
        std::make_unique<HonestSender>(sender, options_through(proxy_, sender, GetParam())));
  }
  wait_for(connections);
  for (const auto& sender : senders) {
    sender->stop();
  }
  const NumberedBets stored = close();
  for (const auto& sender : senders) {
    sender->expect_in(stored);
  }
  say_done("connections", proxy_.counts().connections);
  expect_a_bad_day(proxy_.counts());
}

}  // namespace
}  // namespace sorteo::test
