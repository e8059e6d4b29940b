#include "client_sdk/connection.hpp"

#include <gtest/gtest.h>

#include <latch>
#include <vector>

#include "tests/support/fake_server.hpp"

namespace sorteo::client {
namespace {

using namespace std::chrono_literals;
namespace ip = boost::asio::ip;

ip::tcp::endpoint loopback(std::uint16_t port) { return {ip::address_v4::loopback(), port}; }

TEST(ConnectionTest, TriesEveryAddress) {
  const test::ClosedPort closed;
  const test::DeafServer deaf;
  test::FakeServer server(test::persistent_server());
  const auto opened =
      Connection::open({loopback(closed.port()), loopback(deaf.port()), loopback(server.port())},
                       deadline_after(2s));
  EXPECT_TRUE(opened.has_value());
}

TEST(ConnectionTest, FaultNamesTheLastAddress) {
  const test::ClosedPort closed;
  const auto opened =
      Connection::open({loopback(closed.port()), loopback(closed.port())}, deadline_after(1min));
  ASSERT_TRUE(opened.has_error());
  EXPECT_FALSE(opened.error().timed_out);
  EXPECT_EQ(opened.error().message, "Connection refused (the last of 2 addresses, 127.0.0.1)");
}

TEST(ConnectionTest, SilentAddressIsGivenUpAtTheDeadline) {
  const test::DeafServer deaf;
  const auto opened = Connection::open({loopback(deaf.port())}, deadline_after(200ms));
  ASSERT_TRUE(opened.has_error());
  EXPECT_TRUE(opened.error().timed_out);
}

TEST(ConnectionTest, AnswersBeforeTheEndAreKept) {
  test::FakeServer server(
      [](test::FakePeer& peer, int) { peer.send(test::ok_answer() + test::ok_answer()); });
  auto opened = Connection::open({loopback(server.port())}, deadline_after(1min));
  ASSERT_TRUE(opened.has_value());
  Connection& connection = **opened;
  while (!connection.ended() && connection.run_one_until(deadline_after(1min))) {
  }
  EXPECT_TRUE(connection.ended());
  EXPECT_EQ(connection.take_received(), test::ok_answer() + test::ok_answer());
  EXPECT_EQ(connection.take_received(), "");
}

TEST(ConnectionTest, EndWakesWhoExpectsMore) {
  test::FakeServer server([](test::FakePeer& peer, int) { peer.send(test::ok_answer()); });
  auto opened = Connection::open({loopback(server.port())}, deadline_after(1min));
  ASSERT_TRUE(opened.has_value());
  Connection& connection = **opened;
  connection.expect(1'000);
  while (!connection.ended()) {
    const bool is_woken = connection.run_one_until(deadline_after(1min));
    ASSERT_TRUE(is_woken || connection.ended());
  }
  EXPECT_EQ(connection.take_received(), test::ok_answer());
}

TEST(ConnectionTest, FewerBytesThanWereExpectedAreThereForWhoExpectsOne) {
  std::latch all_sent(1);
  test::FakeServer server([&](test::FakePeer& peer, int) {
    peer.send(test::ok_answer());
    all_sent.count_down();
    peer.wait_for_end();
  });
  auto opened = Connection::open({loopback(server.port())}, deadline_after(1min));
  ASSERT_TRUE(opened.has_value());
  Connection& connection = **opened;
  connection.expect(1'000);
  all_sent.wait();
  EXPECT_FALSE(connection.run_one_until(deadline_after(10ms)));
  connection.expect(1);
  EXPECT_TRUE(connection.run_one_until(deadline_after(1min)));
  EXPECT_EQ(connection.take_received(), test::ok_answer());
}

TEST(ConnectionTest, PeerThatSendsMuchIsTakenInBitByBit) {
  std::latch all_sent(1);
  test::FakeServer server([&](test::FakePeer& peer, int) {
    peer.send(test::winners_answer(std::vector<std::uint32_t>(20'000)));  // the buffers hold it
    all_sent.count_down();
    peer.wait_for_end();
  });
  auto opened = Connection::open({loopback(server.port())}, deadline_after(1min));
  ASSERT_TRUE(opened.has_value());
  Connection& connection = **opened;
  all_sent.wait();
  connection.poll();
  const std::size_t all = test::winners_answer(std::vector<std::uint32_t>(20'000)).size();
  std::size_t received = connection.take_received().size();
  EXPECT_LT(received, all);
  while (received < all) {
    ASSERT_TRUE(connection.run_one_until(deadline_after(1min)));
    received += connection.take_received().size();
  }
}

}  // namespace
}  // namespace sorteo::client
