#include "client_sdk/name_resolver.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <stdexcept>

namespace sorteo::client {
namespace {

using namespace std::chrono_literals;
namespace ip = boost::asio::ip;

const ip::tcp::endpoint kSomewhere(ip::make_address("192.0.2.7"), 99);

TEST(NameResolverTest, AddressStandsForItself) {
  NameResolver resolver([](const std::string&, std::uint16_t) -> NameResolver::Found {
    throw std::logic_error("looked up");
  });
  EXPECT_EQ(*resolver.resolve("192.0.2.7", 99, deadline_after(1min)),
            NameResolver::Endpoints{kSomewhere});
  EXPECT_EQ((*resolver.resolve("::1", 99, deadline_after(1min)))[0].address().to_string(), "::1");
}

TEST(NameResolverTest, NameIsLookedUp) {
  NameResolver resolver([](const std::string& host, std::uint16_t port) {
    EXPECT_EQ(host, "lottery.example");
    EXPECT_EQ(port, 99);
    return NameResolver::Found(NameResolver::Endpoints{kSomewhere});
  });
  EXPECT_EQ(*resolver.resolve("lottery.example", 99, deadline_after(1min)),
            NameResolver::Endpoints{kSomewhere});
}

TEST(NameResolverTest, LookupThatHangsIsLeftBehind) {
  // Shared with the lookup's thread, which outlives the test.
  const auto caller_has_gone = std::make_shared<std::latch>(1);
  NameResolver resolver([caller_has_gone](const std::string&, std::uint16_t) {
    caller_has_gone->wait();
    return NameResolver::Found(NameResolver::Endpoints{kSomewhere});
  });
  const auto found = resolver.resolve("slow.example", 99, deadline_after(1ms));
  ASSERT_TRUE(found.has_error());
  EXPECT_TRUE(found.error().timed_out);
  EXPECT_EQ(found.error().message, "the lookup was not done in time");
  caller_has_gone->count_down();
}

TEST(NameResolverTest, LookupThatHangsIsWaitedForAgainAndNotBegunTwice) {
  const auto go_on = std::make_shared<std::latch>(1);
  const auto lookups = std::make_shared<std::atomic<int>>(0);
  NameResolver resolver([=](const std::string&, std::uint16_t) {
    ++*lookups;
    go_on->wait();
    return NameResolver::Found(NameResolver::Endpoints{kSomewhere});
  });
  for (int at = 0; at < 5; ++at) {
    EXPECT_TRUE(resolver.resolve("slow.example", 99, deadline_after(1ms)).has_error());
  }
  go_on->count_down();
  EXPECT_EQ(*resolver.resolve("slow.example", 99, deadline_after(1min)),
            NameResolver::Endpoints{kSomewhere});
  EXPECT_EQ(*lookups, 1);
  EXPECT_TRUE(resolver.resolve("slow.example", 99, deadline_after(1min)).has_value());
  EXPECT_EQ(*lookups, 2) << "what was found is old by then";
}

TEST(NameResolverTest, LookupThatFailsSaysWhy) {
  NameResolver resolver([](const std::string&, std::uint16_t) {
    return NameResolver::Found(ResolveFault{false, "no such name"});
  });
  const auto found = resolver.resolve("lottery.example", 99, deadline_after(1min));
  ASSERT_TRUE(found.has_error());
  EXPECT_FALSE(found.error().timed_out);
  EXPECT_EQ(found.error().message, "no such name");
}

TEST(NameResolverTest, LookupThatThrowsIsAFault) {
  NameResolver resolver([](const std::string&, std::uint16_t) -> NameResolver::Found {
    throw std::runtime_error("out of order");
  });
  EXPECT_EQ(resolver.resolve("lottery.example", 99, deadline_after(1min)).error().message,
            "out of order");
}

TEST(NameResolverTest, NameWithoutAddressIsAFault) {
  NameResolver resolver([](const std::string&, std::uint16_t) {
    return NameResolver::Found(NameResolver::Endpoints{});
  });
  EXPECT_EQ(resolver.resolve("lottery.example", 99, deadline_after(1min)).error().message,
            "the host has no address");
}

TEST(NameResolverTest, SystemKnowsLocalhost) {
  const auto found = NameResolver().resolve("localhost", 99, deadline_after(1min));
  ASSERT_TRUE(found.has_value()) << found.error().message;
  for (const auto& endpoint : *found) {
    EXPECT_TRUE(endpoint.address().is_loopback());
    EXPECT_EQ(endpoint.port(), 99);
  }
}

}  // namespace
}  // namespace sorteo::client
